// Original file: proto/forum/v1/forum.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

export interface PublicUser {
  'id'?: (string);
  'username'?: (string);
  'fullName'?: (string);
  'createdAt'?: (_google_protobuf_Timestamp | null);
  '_fullName'?: "fullName";
}

export interface PublicUser__Output {
  'id': (string);
  'username': (string);
  'fullName'?: (string);
  'createdAt': (_google_protobuf_Timestamp__Output | null);
}
