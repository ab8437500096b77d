// Original file: proto/forum/v1/forum.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { Comment as _forum_v1_Comment, Comment__Output as _forum_v1_Comment__Output } from '../../forum/v1/Comment.ts';
import type { CreateCommentRequest as _forum_v1_CreateCommentRequest, CreateCommentRequest__Output as _forum_v1_CreateCommentRequest__Output } from '../../forum/v1/CreateCommentRequest.ts';
import type { DeleteCommentRequest as _forum_v1_DeleteCommentRequest, DeleteCommentRequest__Output as _forum_v1_DeleteCommentRequest__Output } from '../../forum/v1/DeleteCommentRequest.ts';
import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from '../../google/protobuf/Empty.ts';
import type { GetCommentRequest as _forum_v1_GetCommentRequest, GetCommentRequest__Output as _forum_v1_GetCommentRequest__Output } from '../../forum/v1/GetCommentRequest.ts';
import type { ListCommentsRequest as _forum_v1_ListCommentsRequest, ListCommentsRequest__Output as _forum_v1_ListCommentsRequest__Output } from '../../forum/v1/ListCommentsRequest.ts';
import type { ListCommentsResponse as _forum_v1_ListCommentsResponse, ListCommentsResponse__Output as _forum_v1_ListCommentsResponse__Output } from '../../forum/v1/ListCommentsResponse.ts';
import type { UpdateCommentRequest as _forum_v1_UpdateCommentRequest, UpdateCommentRequest__Output as _forum_v1_UpdateCommentRequest__Output } from '../../forum/v1/UpdateCommentRequest.ts';

export interface CommentServiceClient extends grpc.Client {
  CreateComment(argument: _forum_v1_CreateCommentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_Comment__Output>): grpc.ClientUnaryCall;
  CreateComment(argument: _forum_v1_CreateCommentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_forum_v1_Comment__Output>): grpc.ClientUnaryCall;
  CreateComment(argument: _forum_v1_CreateCommentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_Comment__Output>): grpc.ClientUnaryCall;
  CreateComment(argument: _forum_v1_CreateCommentRequest, callback: grpc.requestCallback<_forum_v1_Comment__Output>): grpc.ClientUnaryCall;
  createComment(argument: _forum_v1_CreateCommentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_Comment__Output>): grpc.ClientUnaryCall;
  createComment(argument: _forum_v1_CreateCommentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_forum_v1_Comment__Output>): grpc.ClientUnaryCall;
  createComment(argument: _forum_v1_CreateCommentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_Comment__Output>): grpc.ClientUnaryCall;
  createComment(argument: _forum_v1_CreateCommentRequest, callback: grpc.requestCallback<_forum_v1_Comment__Output>): grpc.ClientUnaryCall;
  
  DeleteComment(argument: _forum_v1_DeleteCommentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteComment(argument: _forum_v1_DeleteCommentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteComment(argument: _forum_v1_DeleteCommentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  DeleteComment(argument: _forum_v1_DeleteCommentRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteComment(argument: _forum_v1_DeleteCommentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteComment(argument: _forum_v1_DeleteCommentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteComment(argument: _forum_v1_DeleteCommentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  deleteComment(argument: _forum_v1_DeleteCommentRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  GetComment(argument: _forum_v1_GetCommentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_Comment__Output>): grpc.ClientUnaryCall;
  GetComment(argument: _forum_v1_GetCommentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_forum_v1_Comment__Output>): grpc.ClientUnaryCall;
  GetComment(argument: _forum_v1_GetCommentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_Comment__Output>): grpc.ClientUnaryCall;
  GetComment(argument: _forum_v1_GetCommentRequest, callback: grpc.requestCallback<_forum_v1_Comment__Output>): grpc.ClientUnaryCall;
  getComment(argument: _forum_v1_GetCommentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_Comment__Output>): grpc.ClientUnaryCall;
  getComment(argument: _forum_v1_GetCommentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_forum_v1_Comment__Output>): grpc.ClientUnaryCall;
  getComment(argument: _forum_v1_GetCommentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_Comment__Output>): grpc.ClientUnaryCall;
  getComment(argument: _forum_v1_GetCommentRequest, callback: grpc.requestCallback<_forum_v1_Comment__Output>): grpc.ClientUnaryCall;
  
  ListComments(argument: _forum_v1_ListCommentsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_ListCommentsResponse__Output>): grpc.ClientUnaryCall;
  ListComments(argument: _forum_v1_ListCommentsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_forum_v1_ListCommentsResponse__Output>): grpc.ClientUnaryCall;
  ListComments(argument: _forum_v1_ListCommentsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_ListCommentsResponse__Output>): grpc.ClientUnaryCall;
  ListComments(argument: _forum_v1_ListCommentsRequest, callback: grpc.requestCallback<_forum_v1_ListCommentsResponse__Output>): grpc.ClientUnaryCall;
  listComments(argument: _forum_v1_ListCommentsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_ListCommentsResponse__Output>): grpc.ClientUnaryCall;
  listComments(argument: _forum_v1_ListCommentsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_forum_v1_ListCommentsResponse__Output>): grpc.ClientUnaryCall;
  listComments(argument: _forum_v1_ListCommentsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_ListCommentsResponse__Output>): grpc.ClientUnaryCall;
  listComments(argument: _forum_v1_ListCommentsRequest, callback: grpc.requestCallback<_forum_v1_ListCommentsResponse__Output>): grpc.ClientUnaryCall;
  
  UpdateComment(argument: _forum_v1_UpdateCommentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_Comment__Output>): grpc.ClientUnaryCall;
  UpdateComment(argument: _forum_v1_UpdateCommentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_forum_v1_Comment__Output>): grpc.ClientUnaryCall;
  UpdateComment(argument: _forum_v1_UpdateCommentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_Comment__Output>): grpc.ClientUnaryCall;
  UpdateComment(argument: _forum_v1_UpdateCommentRequest, callback: grpc.requestCallback<_forum_v1_Comment__Output>): grpc.ClientUnaryCall;
  updateComment(argument: _forum_v1_UpdateCommentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_Comment__Output>): grpc.ClientUnaryCall;
  updateComment(argument: _forum_v1_UpdateCommentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_forum_v1_Comment__Output>): grpc.ClientUnaryCall;
  updateComment(argument: _forum_v1_UpdateCommentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_Comment__Output>): grpc.ClientUnaryCall;
  updateComment(argument: _forum_v1_UpdateCommentRequest, callback: grpc.requestCallback<_forum_v1_Comment__Output>): grpc.ClientUnaryCall;
  
}

export interface CommentServiceHandlers extends grpc.UntypedServiceImplementation {
  CreateComment: grpc.handleUnaryCall<_forum_v1_CreateCommentRequest__Output, _forum_v1_Comment>;
  
  DeleteComment: grpc.handleUnaryCall<_forum_v1_DeleteCommentRequest__Output, _google_protobuf_Empty>;
  
  GetComment: grpc.handleUnaryCall<_forum_v1_GetCommentRequest__Output, _forum_v1_Comment>;
  
  ListComments: grpc.handleUnaryCall<_forum_v1_ListCommentsRequest__Output, _forum_v1_ListCommentsResponse>;
  
  UpdateComment: grpc.handleUnaryCall<_forum_v1_UpdateCommentRequest__Output, _forum_v1_Comment>;
  
}

export interface CommentServiceDefinition extends grpc.ServiceDefinition {
  CreateComment: MethodDefinition<_forum_v1_CreateCommentRequest, _forum_v1_Comment, _forum_v1_CreateCommentRequest__Output, _forum_v1_Comment__Output>
  DeleteComment: MethodDefinition<_forum_v1_DeleteCommentRequest, _google_protobuf_Empty, _forum_v1_DeleteCommentRequest__Output, _google_protobuf_Empty__Output>
  GetComment: MethodDefinition<_forum_v1_GetCommentRequest, _forum_v1_Comment, _forum_v1_GetCommentRequest__Output, _forum_v1_Comment__Output>
  ListComments: MethodDefinition<_forum_v1_ListCommentsRequest, _forum_v1_ListCommentsResponse, _forum_v1_ListCommentsRequest__Output, _forum_v1_ListCommentsResponse__Output>
  UpdateComment: MethodDefinition<_forum_v1_UpdateCommentRequest, _forum_v1_Comment, _forum_v1_UpdateCommentRequest__Output, _forum_v1_Comment__Output>
}
