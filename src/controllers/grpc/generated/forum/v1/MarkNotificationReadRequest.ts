// Original file: proto/forum/v1/forum.proto


export interface MarkNotificationReadRequest {
  'id'?: (string);
}

export interface MarkNotificationReadRequest__Output {
  'id': (string);
}
