// Original file: proto/forum/v1/forum.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

export interface User {
  'id'?: (string);
  'username'?: (string);
  'fullName'?: (string);
  'email'?: (string);
  'isActive'?: (boolean);
  'createdAt'?: (_google_protobuf_Timestamp | null);
  'updatedAt'?: (_google_protobuf_Timestamp | null);
  '_fullName'?: "fullName";
  '_email'?: "email";
}

export interface User__Output {
  'id': (string);
  'username': (string);
  'fullName'?: (string);
  'email'?: (string);
  'isActive': (boolean);
  'createdAt': (_google_protobuf_Timestamp__Output | null);
  'updatedAt': (_google_protobuf_Timestamp__Output | null);
}
