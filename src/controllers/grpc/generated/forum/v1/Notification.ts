// Original file: proto/forum/v1/forum.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

export interface Notification {
  'id'?: (string);
  'type'?: (string);
  'postId'?: (string);
  'commentId'?: (string);
  'authorId'?: (string);
  'createdAt'?: (_google_protobuf_Timestamp | null);
  'readAt'?: (_google_protobuf_Timestamp | null);
  '_readAt'?: "readAt";
}

export interface Notification__Output {
  'id': (string);
  'type': (string);
  'postId': (string);
  'commentId': (string);
  'authorId': (string);
  'createdAt': (_google_protobuf_Timestamp__Output | null);
  'readAt'?: (_google_protobuf_Timestamp__Output | null);
}
