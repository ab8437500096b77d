// Original file: proto/forum/v1/forum.proto

import type { Post as _forum_v1_Post, Post__Output as _forum_v1_Post__Output } from '../../forum/v1/Post.ts';
import type { Long } from '@grpc/proto-loader';

export interface ListPostsResponse {
  'posts'?: (_forum_v1_Post)[];
  'nextPageToken'?: (string);
  'totalSize'?: (number | string | Long);
  '_totalSize'?: "totalSize";
}

export interface ListPostsResponse__Output {
  'posts': (_forum_v1_Post__Output)[];
  'nextPageToken': (string);
  'totalSize'?: (number);
}
