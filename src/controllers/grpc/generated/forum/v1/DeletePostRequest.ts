// Original file: proto/forum/v1/forum.proto


export interface DeletePostRequest {
  'id'?: (string);
  'expectedVersion'?: (number);
  '_expectedVersion'?: "expectedVersion";
}

export interface DeletePostRequest__Output {
  'id': (string);
  'expectedVersion'?: (number);
}
