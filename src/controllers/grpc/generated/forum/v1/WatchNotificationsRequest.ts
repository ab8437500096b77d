// Original file: proto/forum/v1/forum.proto


export interface WatchNotificationsRequest {
  'lastNotificationId'?: (string);
}

export interface WatchNotificationsRequest__Output {
  'lastNotificationId': (string);
}
