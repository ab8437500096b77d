// Original file: proto/forum/v1/forum.proto


export interface GetPostRequest {
  'id'?: (string);
}

export interface GetPostRequest__Output {
  'id': (string);
}
