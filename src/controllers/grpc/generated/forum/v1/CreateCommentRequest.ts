// Original file: proto/forum/v1/forum.proto


export interface CreateCommentRequest {
  'postId'?: (string);
  'text'?: (string);
  'requestId'?: (string);
}

export interface CreateCommentRequest__Output {
  'postId': (string);
  'text': (string);
  'requestId': (string);
}
