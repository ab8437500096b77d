// Original file: proto/forum/v1/forum.proto

import type { Comment as _forum_v1_Comment, Comment__Output as _forum_v1_Comment__Output } from '../../forum/v1/Comment.ts';
import type { Long } from '@grpc/proto-loader';

export interface ListCommentsResponse {
  'comments'?: (_forum_v1_Comment)[];
  'nextPageToken'?: (string);
  'totalSize'?: (number | string | Long);
  '_totalSize'?: "totalSize";
}

export interface ListCommentsResponse__Output {
  'comments': (_forum_v1_Comment__Output)[];
  'nextPageToken': (string);
  'totalSize'?: (number);
}
