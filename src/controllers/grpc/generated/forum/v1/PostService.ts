// Original file: proto/forum/v1/forum.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CreatePostRequest as _forum_v1_CreatePostRequest, CreatePostRequest__Output as _forum_v1_CreatePostRequest__Output } from '../../forum/v1/CreatePostRequest.ts';
import type { DeletePostRequest as _forum_v1_DeletePostRequest, DeletePostRequest__Output as _forum_v1_DeletePostRequest__Output } from '../../forum/v1/DeletePostRequest.ts';
import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from '../../google/protobuf/Empty.ts';
import type { GetPostRequest as _forum_v1_GetPostRequest, GetPostRequest__Output as _forum_v1_GetPostRequest__Output } from '../../forum/v1/GetPostRequest.ts';
import type { ListPostsRequest as _forum_v1_ListPostsRequest, ListPostsRequest__Output as _forum_v1_ListPostsRequest__Output } from '../../forum/v1/ListPostsRequest.ts';
import type { ListPostsResponse as _forum_v1_ListPostsResponse, ListPostsResponse__Output as _forum_v1_ListPostsResponse__Output } from '../../forum/v1/ListPostsResponse.ts';
import type { Post as _forum_v1_Post, Post__Output as _forum_v1_Post__Output } from '../../forum/v1/Post.ts';
import type { UpdatePostRequest as _forum_v1_UpdatePostRequest, UpdatePostRequest__Output as _forum_v1_UpdatePostRequest__Output } from '../../forum/v1/UpdatePostRequest.ts';

export interface PostServiceClient extends grpc.Client {
  CreatePost(argument: _forum_v1_CreatePostRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_Post__Output>): grpc.ClientUnaryCall;
  CreatePost(argument: _forum_v1_CreatePostRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_forum_v1_Post__Output>): grpc.ClientUnaryCall;
  CreatePost(argument: _forum_v1_CreatePostRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_Post__Output>): grpc.ClientUnaryCall;
  CreatePost(argument: _forum_v1_CreatePostRequest, callback: grpc.requestCallback<_forum_v1_Post__Output>): grpc.ClientUnaryCall;
  createPost(argument: _forum_v1_CreatePostRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_Post__Output>): grpc.ClientUnaryCall;
  createPost(argument: _forum_v1_CreatePostRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_forum_v1_Post__Output>): grpc.ClientUnaryCall;
  createPost(argument: _forum_v1_CreatePostRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_Post__Output>): grpc.ClientUnaryCall;
  createPost(argument: _forum_v1_CreatePostRequest, callback: grpc.requestCallback<_forum_v1_Post__Output>): grpc.ClientUnaryCall;
  
  DeletePost(argument: _forum_v1_DeletePostRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeletePost(argument: _forum_v1_DeletePostRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeletePost(argument: _forum_v1_DeletePostRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeletePost(argument: _forum_v1_DeletePostRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deletePost(argument: _forum_v1_DeletePostRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deletePost(argument: _forum_v1_DeletePostRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deletePost(argument: _forum_v1_DeletePostRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deletePost(argument: _forum_v1_DeletePostRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  GetPost(argument: _forum_v1_GetPostRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_Post__Output>): grpc.ClientUnaryCall;
  GetPost(argument: _forum_v1_GetPostRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_forum_v1_Post__Output>): grpc.ClientUnaryCall;
  GetPost(argument: _forum_v1_GetPostRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_Post__Output>): grpc.ClientUnaryCall;
  GetPost(argument: _forum_v1_GetPostRequest, callback: grpc.requestCallback<_forum_v1_Post__Output>): grpc.ClientUnaryCall;
  getPost(argument: _forum_v1_GetPostRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_Post__Output>): grpc.ClientUnaryCall;
  getPost(argument: _forum_v1_GetPostRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_forum_v1_Post__Output>): grpc.ClientUnaryCall;
  getPost(argument: _forum_v1_GetPostRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_Post__Output>): grpc.ClientUnaryCall;
  getPost(argument: _forum_v1_GetPostRequest, callback: grpc.requestCallback<_forum_v1_Post__Output>): grpc.ClientUnaryCall;
  
  ListPosts(argument: _forum_v1_ListPostsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_ListPostsResponse__Output>): grpc.ClientUnaryCall;
  ListPosts(argument: _forum_v1_ListPostsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_forum_v1_ListPostsResponse__Output>): grpc.ClientUnaryCall;
  ListPosts(argument: _forum_v1_ListPostsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_ListPostsResponse__Output>): grpc.ClientUnaryCall;
  ListPosts(argument: _forum_v1_ListPostsRequest, callback: grpc.requestCallback<_forum_v1_ListPostsResponse__Output>): grpc.ClientUnaryCall;
  listPosts(argument: _forum_v1_ListPostsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_ListPostsResponse__Output>): grpc.ClientUnaryCall;
  listPosts(argument: _forum_v1_ListPostsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_forum_v1_ListPostsResponse__Output>): grpc.ClientUnaryCall;
  listPosts(argument: _forum_v1_ListPostsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_ListPostsResponse__Output>): grpc.ClientUnaryCall;
  listPosts(argument: _forum_v1_ListPostsRequest, callback: grpc.requestCallback<_forum_v1_ListPostsResponse__Output>): grpc.ClientUnaryCall;
  
  UpdatePost(argument: _forum_v1_UpdatePostRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_Post__Output>): grpc.ClientUnaryCall;
  UpdatePost(argument: _forum_v1_UpdatePostRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_forum_v1_Post__Output>): grpc.ClientUnaryCall;
  UpdatePost(argument: _forum_v1_UpdatePostRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_Post__Output>): grpc.ClientUnaryCall;
  UpdatePost(argument: _forum_v1_UpdatePostRequest, callback: grpc.requestCallback<_forum_v1_Post__Output>): grpc.ClientUnaryCall;
  updatePost(argument: _forum_v1_UpdatePostRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_Post__Output>): grpc.ClientUnaryCall;
  updatePost(argument: _forum_v1_UpdatePostRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_forum_v1_Post__Output>): grpc.ClientUnaryCall;
  updatePost(argument: _forum_v1_UpdatePostRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_Post__Output>): grpc.ClientUnaryCall;
  updatePost(argument: _forum_v1_UpdatePostRequest, callback: grpc.requestCallback<_forum_v1_Post__Output>): grpc.ClientUnaryCall;
  
}

export interface PostServiceHandlers extends grpc.UntypedServiceImplementation {
  CreatePost: grpc.handleUnaryCall<_forum_v1_CreatePostRequest__Output, _forum_v1_Post>;
  
  DeletePost: grpc.handleUnaryCall<_forum_v1_DeletePostRequest__Output, _google_protobuf_Empty>;
  
  GetPost: grpc.handleUnaryCall<_forum_v1_GetPostRequest__Output, _forum_v1_Post>;
  
  ListPosts: grpc.handleUnaryCall<_forum_v1_ListPostsRequest__Output, _forum_v1_ListPostsResponse>;
  
  UpdatePost: grpc.handleUnaryCall<_forum_v1_UpdatePostRequest__Output, _forum_v1_Post>;
  
}

export interface PostServiceDefinition extends grpc.ServiceDefinition {
  CreatePost: MethodDefinition<_forum_v1_CreatePostRequest, _forum_v1_Post, _forum_v1_CreatePostRequest__Output, _forum_v1_Post__Output>
  DeletePost: MethodDefinition<_forum_v1_DeletePostRequest, _google_protobuf_Empty, _forum_v1_DeletePostRequest__Output, _google_protobuf_Empty__Output>
  GetPost: MethodDefinition<_forum_v1_GetPostRequest, _forum_v1_Post, _forum_v1_GetPostRequest__Output, _forum_v1_Post__Output>
  ListPosts: MethodDefinition<_forum_v1_ListPostsRequest, _forum_v1_ListPostsResponse, _forum_v1_ListPostsRequest__Output, _forum_v1_ListPostsResponse__Output>
  UpdatePost: MethodDefinition<_forum_v1_UpdatePostRequest, _forum_v1_Post, _forum_v1_UpdatePostRequest__Output, _forum_v1_Post__Output>
}
