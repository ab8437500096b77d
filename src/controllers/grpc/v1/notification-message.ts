import type { Notification } from '../../../domains/entities/notification.ts'
import type { Notification__Output } from '../generated/forum/v1/Notification.ts'
import { timestampOf } from './fields.ts'

/** A notification as its owner sees it: field by field, so that nothing gets out by accident. */
export const notificationMessage = (notification: Notification): Notification__Output => ({
  id: notification.id,
  type: 'comment.written',
  postId: notification.postId,
  commentId: notification.commentId,
  authorId: notification.authorId,
  createdAt: timestampOf(notification.createdAt),
  readAt: notification.readAt === null ? null : timestampOf(notification.readAt),
})
