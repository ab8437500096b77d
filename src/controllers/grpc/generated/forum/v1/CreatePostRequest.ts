// Original file: proto/forum/v1/forum.proto


export interface CreatePostRequest {
  'text'?: (string);
  'requestId'?: (string);
}

export interface CreatePostRequest__Output {
  'text': (string);
  'requestId': (string);
}
