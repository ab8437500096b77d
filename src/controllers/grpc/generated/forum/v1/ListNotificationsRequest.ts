// Original file: proto/forum/v1/forum.proto


export interface ListNotificationsRequest {
  'pageSize'?: (number);
  'pageToken'?: (string);
  'unread'?: (boolean);
}

export interface ListNotificationsRequest__Output {
  'pageSize': (number);
  'pageToken': (string);
  'unread': (boolean);
}
