// Original file: proto/forum/v1/forum.proto


export interface UpdateCommentRequest {
  'id'?: (string);
  'text'?: (string);
  'expectedVersion'?: (number);
  '_expectedVersion'?: "expectedVersion";
}

export interface UpdateCommentRequest__Output {
  'id': (string);
  'text': (string);
  'expectedVersion'?: (number);
}
