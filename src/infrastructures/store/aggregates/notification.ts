import type { Notification } from '../../../domains/entities/notification.ts'
import type { User } from '../../../domains/entities/user.ts'
import { Conflict } from '../../../domains/errors/change-errors.ts'
import { NotificationNotFound } from '../../../domains/errors/notification-errors.ts'
import { aggregate, fixed, nullable, time, uuid, writtenOnce } from '../aggregate.ts'
import { users } from './user.ts'

/** How notifications are kept: without versions and events, numbered for each owner. */
export const notifications = aggregate<Notification, User>({
  noun: 'notification',
  table: 'notifications',
  columns: {
    ownerId: uuid,
    postId: fixed(uuid),
    commentId: fixed(uuid),
    authorId: fixed(uuid),
    readAt: writtenOnce(nullable(time)),
  },
  owner: { field: 'ownerId', to: users, mustBe: { removedAt: null }, otherwise: Conflict, whenRemoved: 'remove' },
  missing: NotificationNotFound,
  lists: { orders: ['createdAt'], filters: ['ownerId'], alwaysBy: 'ownerId', flags: { unread: 'readAt' } },
  sequence: 'number',
})
