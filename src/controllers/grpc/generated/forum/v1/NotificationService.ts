// Original file: proto/forum/v1/forum.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { Empty as _google_protobuf_Empty, Empty__Output as _google_protobuf_Empty__Output } from '../../google/protobuf/Empty.ts';
import type { ListNotificationsRequest as _forum_v1_ListNotificationsRequest, ListNotificationsRequest__Output as _forum_v1_ListNotificationsRequest__Output } from '../../forum/v1/ListNotificationsRequest.ts';
import type { ListNotificationsResponse as _forum_v1_ListNotificationsResponse, ListNotificationsResponse__Output as _forum_v1_ListNotificationsResponse__Output } from '../../forum/v1/ListNotificationsResponse.ts';
import type { MarkNotificationReadRequest as _forum_v1_MarkNotificationReadRequest, MarkNotificationReadRequest__Output as _forum_v1_MarkNotificationReadRequest__Output } from '../../forum/v1/MarkNotificationReadRequest.ts';
import type { Notification as _forum_v1_Notification, Notification__Output as _forum_v1_Notification__Output } from '../../forum/v1/Notification.ts';
import type { WatchNotificationsRequest as _forum_v1_WatchNotificationsRequest, WatchNotificationsRequest__Output as _forum_v1_WatchNotificationsRequest__Output } from '../../forum/v1/WatchNotificationsRequest.ts';

export interface NotificationServiceClient extends grpc.Client {
  ListNotifications(argument: _forum_v1_ListNotificationsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_ListNotificationsResponse__Output>): grpc.ClientUnaryCall;
  ListNotifications(argument: _forum_v1_ListNotificationsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_forum_v1_ListNotificationsResponse__Output>): grpc.ClientUnaryCall;
  ListNotifications(argument: _forum_v1_ListNotificationsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_ListNotificationsResponse__Output>): grpc.ClientUnaryCall;
  ListNotifications(argument: _forum_v1_ListNotificationsRequest, callback: grpc.requestCallback<_forum_v1_ListNotificationsResponse__Output>): grpc.ClientUnaryCall;
  listNotifications(argument: _forum_v1_ListNotificationsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_ListNotificationsResponse__Output>): grpc.ClientUnaryCall;
  listNotifications(argument: _forum_v1_ListNotificationsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_forum_v1_ListNotificationsResponse__Output>): grpc.ClientUnaryCall;
  listNotifications(argument: _forum_v1_ListNotificationsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_forum_v1_ListNotificationsResponse__Output>): grpc.ClientUnaryCall;
  listNotifications(argument: _forum_v1_ListNotificationsRequest, callback: grpc.requestCallback<_forum_v1_ListNotificationsResponse__Output>): grpc.ClientUnaryCall;
  
  MarkNotificationRead(argument: _forum_v1_MarkNotificationReadRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  MarkNotificationRead(argument: _forum_v1_MarkNotificationReadRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  MarkNotificationRead(argument: _forum_v1_MarkNotificationReadRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  MarkNotificationRead(argument: _forum_v1_MarkNotificationReadRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  markNotificationRead(argument: _forum_v1_MarkNotificationReadRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  markNotificationRead(argument: _forum_v1_MarkNotificationReadRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  markNotificationRead(argument: _forum_v1_MarkNotificationReadRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  markNotificationRead(argument: _forum_v1_MarkNotificationReadRequest, callback: grpc.requestCallback<_google_protobuf_Empty__Output>): grpc.ClientUnaryCall;
  
  WatchNotifications(argument: _forum_v1_WatchNotificationsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_forum_v1_Notification__Output>;
  WatchNotifications(argument: _forum_v1_WatchNotificationsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_forum_v1_Notification__Output>;
  watchNotifications(argument: _forum_v1_WatchNotificationsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_forum_v1_Notification__Output>;
  watchNotifications(argument: _forum_v1_WatchNotificationsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_forum_v1_Notification__Output>;
  
}

export interface NotificationServiceHandlers extends grpc.UntypedServiceImplementation {
  ListNotifications: grpc.handleUnaryCall<_forum_v1_ListNotificationsRequest__Output, _forum_v1_ListNotificationsResponse>;
  
  MarkNotificationRead: grpc.handleUnaryCall<_forum_v1_MarkNotificationReadRequest__Output, _google_protobuf_Empty>;
  
  WatchNotifications: grpc.handleServerStreamingCall<_forum_v1_WatchNotificationsRequest__Output, _forum_v1_Notification>;
  
}

export interface NotificationServiceDefinition extends grpc.ServiceDefinition {
  ListNotifications: MethodDefinition<_forum_v1_ListNotificationsRequest, _forum_v1_ListNotificationsResponse, _forum_v1_ListNotificationsRequest__Output, _forum_v1_ListNotificationsResponse__Output>
  MarkNotificationRead: MethodDefinition<_forum_v1_MarkNotificationReadRequest, _google_protobuf_Empty, _forum_v1_MarkNotificationReadRequest__Output, _google_protobuf_Empty__Output>
  WatchNotifications: MethodDefinition<_forum_v1_WatchNotificationsRequest, _forum_v1_Notification, _forum_v1_WatchNotificationsRequest__Output, _forum_v1_Notification__Output>
}
