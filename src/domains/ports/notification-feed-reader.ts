import type { Notification, NotificationId } from '../entities/notification.ts'
import type { UserId } from '../entities/user.ts'

/** Reads the notifications of users in the order of their commits, which may differ from that of their times. */
export interface NotificationFeedReader {
  /** The last notification of each of these users; a user without one is missing. */
  latestIds(owners: readonly UserId[]): Promise<ReadonlyMap<UserId, NotificationId>>

  /**
   * The user's notifications after that one, at most `limit`; all of them after `null` or an id of another user. A later
   * commit never adds one before those that were returned.
   */
  listAfter(owner: UserId, id: NotificationId | null, limit: number): Promise<readonly Notification[]>
}
