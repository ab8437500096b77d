// Original file: proto/forum/v1/forum.proto

import type { Notification as _forum_v1_Notification, Notification__Output as _forum_v1_Notification__Output } from '../../forum/v1/Notification.ts';

export interface ListNotificationsResponse {
  'notifications'?: (_forum_v1_Notification)[];
  'nextPageToken'?: (string);
}

export interface ListNotificationsResponse__Output {
  'notifications': (_forum_v1_Notification__Output)[];
  'nextPageToken': (string);
}
