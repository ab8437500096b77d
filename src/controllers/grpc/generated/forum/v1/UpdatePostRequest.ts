// Original file: proto/forum/v1/forum.proto


export interface UpdatePostRequest {
  'id'?: (string);
  'text'?: (string);
  'expectedVersion'?: (number);
  '_expectedVersion'?: "expectedVersion";
}

export interface UpdatePostRequest__Output {
  'id': (string);
  'text': (string);
  'expectedVersion'?: (number);
}
