import { type Page, pageOf } from '../../patterns/page.ts'
import type { Actor } from '../entities/actor.ts'
import type { Comment } from '../entities/comment.ts'
import type { Notification, NotificationId } from '../entities/notification.ts'
import { AlreadyHandled } from '../errors/repetition-errors.ts'
import type { IncomingMessage } from '../ports/inbox.ts'
import type { Position } from '../ports/listing.ts'
import type { Store } from '../ports/store.ts'
import { notifyOwner } from '../usecases/notifications/notify-owner.ts'
import { readNotification } from '../usecases/notifications/read-notification.ts'
import type { Membership } from './membership.ts'

/** What users are told of, and how they read it. */
export interface NotificationService {
  /** Newest first. @throws {AccountDisabled} */
  list(query: ListNotifications): Promise<Page<Notification, Position>>

  /** @throws {NotificationNotFound} also for the notifications of others @throws {AccountDisabled} */
  markRead(command: Readonly<{ reader: Actor; id: NotificationId }>): Promise<void>

  /** The last one that the reader was given, or null. @throws {AccountDisabled} */
  newest(query: Readonly<{ reader: Actor }>): Promise<NotificationId | null>

  /** What the reader was given after that one, in order. @throws {AccountDisabled} */
  after(query: Readonly<{ reader: Actor; id: NotificationId | null; limit: number }>): Promise<readonly Notification[]>

  /**
   * A comment was written, as a message says: the owner of the post is told once, however often the message comes.
   * False when it had been handled before.
   */
  commentWritten(news: Readonly<{ message: IncomingMessage; comment: NewComment }>): Promise<boolean>
}

type ListNotifications = Readonly<{ reader: Actor; isUnread: boolean; limit: number; after: Position | null }>
type NewComment = Pick<Comment, 'id' | 'postId' | 'ownerId'>
type Needs = Readonly<{ members: Membership; store: Store; now: () => Date; newId: () => NotificationId }>

export const createNotificationService = ({ members, store, now, newId }: Needs): NotificationService => ({
  async list({ reader, isUnread, limit, after }) {
    const filter = { ownerId: reader.userId, unread: isUnread }
    const sort = { by: 'createdAt', direction: 'descending' } as const
    const listing = { filter, sort, after, limit: limit + 1 }
    const found = await members.reading(reader, () => store.notifications.list(listing))
    return pageOf(found, limit, ({ createdAt, id }) => ({ at: createdAt, id }), null)
  },

  markRead: ({ reader, id }) =>
    members.changing(reader, (uow) => readNotification(uow, { id, reader: reader.userId, at: now() })),

  newest: ({ reader }) =>
    members.reading(
      reader,
      async () => (await store.notificationFeed.latest([reader.userId])).get(reader.userId) ?? null,
    ),

  after: ({ reader, id, limit }) =>
    members.reading(reader, () => store.notificationFeed.after(reader.userId, id, limit)),

  async commentWritten({ message, comment }) {
    try {
      await store.transact((uow) => notifyOwner(uow, { id: newId(), message, comment, at: now() }))
      return true
    } catch (error) {
      if (!(error instanceof AlreadyHandled)) throw error
      return false
    }
  },
})
