import { type Page, pageOf } from '../../patterns/page.ts'
import type { Actor } from '../entities/actor.ts'
import type { Comment } from '../entities/comment.ts'
import type { Notification, NotificationId } from '../entities/notification.ts'
import { DuplicateMessage } from '../errors/idempotency-errors.ts'
import type { IncomingMessage } from '../ports/inbox.ts'
import type { KeysetPosition } from '../ports/list-query.ts'
import type { Store } from '../ports/store.ts'
import { markAsRead } from '../usecases/notifications/mark-as-read.ts'
import { notifyOwner } from '../usecases/notifications/notify-owner.ts'
import type { AccountGuard } from './account-guard.ts'

/** How users get and read their notifications. */
export interface NotificationService {
  /** Newest first. @throws {AccountDisabled} */
  list(query: ListNotifications): Promise<Page<Notification, KeysetPosition>>

  /** @throws {NotificationNotFound} also for the notifications of others @throws {AccountDisabled} */
  markAsRead(command: Readonly<{ reader: Actor; id: NotificationId }>): Promise<void>

  /** The reader's last notification, or null. @throws {AccountDisabled} */
  latestId(query: Readonly<{ reader: Actor }>): Promise<NotificationId | null>

  /** The reader's notifications after that one, in order. @throws {AccountDisabled} */
  listAfter(
    query: Readonly<{ reader: Actor; id: NotificationId | null; limit: number }>,
  ): Promise<readonly Notification[]>

  /**
   * Handles the message that a comment was written: notifies the owner of the post once, however often it arrives.
   * False if it was handled before.
   */
  commentWritten(news: Readonly<{ message: IncomingMessage; comment: NewComment }>): Promise<boolean>
}

type ListNotifications = Readonly<{ reader: Actor; isUnread: boolean; limit: number; after: KeysetPosition | null }>
type NewComment = Pick<Comment, 'id' | 'postId' | 'ownerId'>
type Needs = Readonly<{ accounts: AccountGuard; store: Store; now: () => Date; newId: () => NotificationId }>

export const createNotificationService = ({ accounts, store, now, newId }: Needs): NotificationService => ({
  async list({ reader, isUnread, limit, after }) {
    const filter = { ownerId: reader.userId, unread: isUnread }
    const sort = { by: 'createdAt', direction: 'descending' } as const
    const listQuery = { filter, sort, after, limit: limit + 1 }
    const found = await accounts.read(reader, () => store.notifications.list(listQuery))
    return pageOf(found, limit, ({ createdAt, id }) => ({ at: createdAt, id }), null)
  },

  markAsRead: ({ reader, id }) =>
    accounts.update(reader, (uow) => markAsRead(uow, { id, reader: reader.userId, at: now() })),

  latestId: ({ reader }) =>
    accounts.read(
      reader,
      async () => (await store.notificationFeed.latestIds([reader.userId])).get(reader.userId) ?? null,
    ),

  listAfter: ({ reader, id, limit }) =>
    accounts.read(reader, () => store.notificationFeed.listAfter(reader.userId, id, limit)),

  async commentWritten({ message, comment }) {
    try {
      await store.transact((uow) => notifyOwner(uow, { id: newId(), message, comment, at: now() }))
      return true
    } catch (error) {
      if (!(error instanceof DuplicateMessage)) throw error
      return false
    }
  },
})
