import type { Notification } from '../../../domains/entities/notification.ts'
import type { User } from '../../../domains/entities/user.ts'
import { Conflict } from '../../../domains/errors/change-errors.ts'
import { NotificationNotFound } from '../../../domains/errors/notification-errors.ts'
import { aggregate, immutable, nullable, time, uuid, writtenOnce } from '../aggregate.ts'
import { users } from './user.ts'

/** The description of notifications: without versions and events, numbered for each owner. */
export const notifications = aggregate<Notification, User>({
  type: 'notification',
  table: 'notifications',
  columns: {
    ownerId: uuid,
    postId: immutable(uuid),
    commentId: immutable(uuid),
    authorId: immutable(uuid),
    readAt: writtenOnce(nullable(time)),
  },
  owner: { field: 'ownerId', to: users, requires: { removedAt: null }, otherwise: Conflict, onDelete: 'cascade' },
  notFound: NotificationNotFound,
  lists: { orders: ['createdAt'], filters: ['ownerId'], requiredFilter: 'ownerId', flags: { unread: 'readAt' } },
  sequence: 'number',
})
