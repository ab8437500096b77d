// Original file: proto/forum/v1/forum.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from '../../google/protobuf/Empty.ts';
import type { GetUserRequest as _forum_v1_GetUserRequest, GetUserRequest__Output as _forum_v1_GetUserRequest__Output } from '../../forum/v1/GetUserRequest.ts';
import type { PublicUser as _forum_v1_PublicUser, PublicUser__Output as _forum_v1_PublicUser__Output } from '../../forum/v1/PublicUser.ts';
import type { User as _forum_v1_User, User__Output as _forum_v1_User__Output } from '../../forum/v1/User.ts';

export interface UserServiceClient extends grpc.Client {
  GetMe(argument: _google_protobuf_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_User__Output>): grpc.ClientUnaryCall;
  GetMe(argument: _google_protobuf_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_forum_v1_User__Output>): grpc.ClientUnaryCall;
  GetMe(argument: _google_protobuf_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_User__Output>): grpc.ClientUnaryCall;
  GetMe(argument: _google_protobuf_Empty, callback: grpc.requestCallback<_forum_v1_User__Output>): grpc.ClientUnaryCall;
  getMe(argument: _google_protobuf_Empty, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_User__Output>): grpc.ClientUnaryCall;
  getMe(argument: _google_protobuf_Empty, metadata: grpc.Metadata, callback: grpc.requestCallback<_forum_v1_User__Output>): grpc.ClientUnaryCall;
  getMe(argument: _google_protobuf_Empty, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_User__Output>): grpc.ClientUnaryCall;
  getMe(argument: _google_protobuf_Empty, callback: grpc.requestCallback<_forum_v1_User__Output>): grpc.ClientUnaryCall;
  
  GetUser(argument: _forum_v1_GetUserRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_PublicUser__Output>): grpc.ClientUnaryCall;
  GetUser(argument: _forum_v1_GetUserRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_forum_v1_PublicUser__Output>): grpc.ClientUnaryCall;
  GetUser(argument: _forum_v1_GetUserRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_PublicUser__Output>): grpc.ClientUnaryCall;
  GetUser(argument: _forum_v1_GetUserRequest, callback: grpc.requestCallback<_forum_v1_PublicUser__Output>): grpc.ClientUnaryCall;
  getUser(argument: _forum_v1_GetUserRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_PublicUser__Output>): grpc.ClientUnaryCall;
  getUser(argument: _forum_v1_GetUserRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_forum_v1_PublicUser__Output>): grpc.ClientUnaryCall;
  getUser(argument: _forum_v1_GetUserRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_PublicUser__Output>): grpc.ClientUnaryCall;
  getUser(argument: _forum_v1_GetUserRequest, callback: grpc.requestCallback<_forum_v1_PublicUser__Output>): grpc.ClientUnaryCall;
  
}

export interface UserServiceHandlers extends grpc.UntypedServiceImplementation {
  GetMe: grpc.handleUnaryCall<_google_protobuf_Empty__Output, _forum_v1_User>;
  
  GetUser: grpc.handleUnaryCall<_forum_v1_GetUserRequest__Output, _forum_v1_PublicUser>;
  
}

export interface UserServiceDefinition extends grpc.ServiceDefinition {
  GetMe: MethodDefinition<_google_protobuf_Empty, _forum_v1_User, _google_protobuf_Empty__Output, _forum_v1_User__Output>
  GetUser: MethodDefinition<_forum_v1_GetUserRequest, _forum_v1_PublicUser, _forum_v1_GetUserRequest__Output, _forum_v1_PublicUser__Output>
}
