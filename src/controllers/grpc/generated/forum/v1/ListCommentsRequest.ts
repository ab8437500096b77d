// Original file: proto/forum/v1/forum.proto

import type { Timestamp as _google_protobuf_Timestamp, Timestamp__Output as _google_protobuf_Timestamp__Output } from '../../google/protobuf/Timestamp.ts';

export interface ListCommentsRequest {
  'pageSize'?: (number);
  'pageToken'?: (string);
  'orderBy'?: (string);
  'ownerId'?: (string);
  'postId'?: (string);
  'createdFrom'?: (_google_protobuf_Timestamp | null);
  'createdTo'?: (_google_protobuf_Timestamp | null);
  'count'?: (boolean);
}

export interface ListCommentsRequest__Output {
  'pageSize': (number);
  'pageToken': (string);
  'orderBy': (string);
  'ownerId': (string);
  'postId': (string);
  'createdFrom': (_google_protobuf_Timestamp__Output | null);
  'createdTo': (_google_protobuf_Timestamp__Output | null);
  'count': (boolean);
}
