// Original file: proto/forum/v1/forum.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

export interface Comment {
  'id'?: (string);
  'postId'?: (string);
  'ownerId'?: (string);
  'text'?: (string);
  'version'?: (number);
  'createdAt'?: (_google_protobuf_Timestamp | null);
  'updatedAt'?: (_google_protobuf_Timestamp | null);
}

export interface Comment__Output {
  'id': (string);
  'postId': (string);
  'ownerId': (string);
  'text': (string);
  'version': (number);
  'createdAt': (_google_protobuf_Timestamp__Output | null);
  'updatedAt': (_google_protobuf_Timestamp__Output | null);
}
