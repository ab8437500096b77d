// Original file: proto/forum/v1/forum.proto


export interface DeleteCommentRequest {
  'id'?: (string);
  'expectedVersion'?: (number);
  '_expectedVersion'?: "expectedVersion";
}

export interface DeleteCommentRequest__Output {
  'id': (string);
  'expectedVersion'?: (number);
}
