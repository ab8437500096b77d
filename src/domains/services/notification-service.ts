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

export type NotificationService = ReturnType<typeof createNotificationService>

type Needs = { members: Membership; store: Store; now: () => Date; newId: () => NotificationId }
type ListNotifications = Readonly<{ isUnread: boolean; limit: number; after: Position | null }>
type NewComment = Pick<Comment, 'id' | 'postId' | 'ownerId'>

/** What users are told of, and how they read it. */
export const createNotificationService = ({ members, store, now, newId }: Needs) => ({
  /** Newest first. */
  async list(reader: Actor, { isUnread, limit, after }: ListNotifications): Promise<Page<Notification, Position>> {
    const filter = { ownerId: reader.userId, unread: isUnread }
    const listing = { filter, sort: '-createdAt', after, limit: limit + 1 } as const
    const found = await members.reading(reader, () => store.notifications.list(listing))
    return pageOf(found, limit, ({ createdAt, id }) => ({ at: createdAt, id }), null)
  },

  markRead: (reader: Actor, id: NotificationId): Promise<void> =>
    members.changing(reader, (uow) => readNotification(uow, { id, reader: reader.userId, at: now() })),

  /** The last one that the reader was given, or null. */
  newest: (reader: Actor): Promise<NotificationId | null> =>
    members.reading(
      reader,
      async () => (await store.notificationFeed.latest([reader.userId])).get(reader.userId) ?? null,
    ),

  /** What the reader was given after that one, in order. */
  after: (reader: Actor, id: NotificationId | null, limit: number): Promise<readonly Notification[]> =>
    members.reading(reader, () => store.notificationFeed.after(reader.userId, id, limit)),

  /**
   * A comment was written, as a message says: the owner of the post is told once, however often the message comes.
   * False when it had been handled before.
   */
  async commentWritten(message: IncomingMessage, comment: NewComment): Promise<boolean> {
    try {
      await store.transact((uow) => notifyOwner(uow, { id: newId(), message, comment, at: now() }))
      return true
    } catch (error) {
      if (!(error instanceof AlreadyHandled)) throw error
      return false
    }
  },

  /** Whether a message that was handled before said something else then. */
  async isAltered({ consumer, id, digest }: IncomingMessage): Promise<boolean> {
    const handled = await store.inbox.digestOf(consumer, id)
    return handled !== null && handled !== digest
  },
})
