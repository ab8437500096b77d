import type { Notification, NotificationId } from '../entities/notification.ts'
import type { UserId } from '../entities/user.ts'
import type { Position } from './listing.ts'

/** `limit` notifications of an owner, newest first, right after a position or from the start. */
export type NotificationListing = Readonly<{
  ownerId: UserId
  isUnread: boolean
  after: Position | null
  limit: number
}>

/** The notifications that are kept. Reading opens no transaction. */
export interface NotificationReader {
  /** @throws {NotificationNotFound} */
  get(id: NotificationId): Promise<Notification>

  /** Newest first. A page deep in the list costs what the first one costs. */
  list(listing: NotificationListing): Promise<readonly Notification[]>

  /** The last one that each of these users was given; who has none is missing. */
  newest(owners: readonly UserId[]): Promise<ReadonlyMap<UserId, NotificationId>>

  /**
   * What the user was given after that notification, in the order in which it was kept; all of it after `null` or an id
   * that is none of theirs. Nothing that is kept later ever comes before what was told here.
   */
  after(owner: UserId, id: NotificationId | null, limit: number): Promise<readonly Notification[]>
}

/** The notifications within a unit of work. */
export interface NotificationRepository {
  /** @throws {NotificationNotFound} */
  get(id: NotificationId): Promise<Notification>

  /** The unit is run again when the owner was removed, or given something else, at the same time. */
  add(notification: Notification): Promise<void>

  /** Keeps when a notification was read, unless it is gone. */
  save(notification: Notification): Promise<void>

  /** Removes all notifications of a user. */
  removeOf(owner: UserId): Promise<void>
}
