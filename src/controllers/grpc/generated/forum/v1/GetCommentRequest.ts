// Original file: proto/forum/v1/forum.proto


export interface GetCommentRequest {
  'id'?: (string);
}

export interface GetCommentRequest__Output {
  'id': (string);
}
