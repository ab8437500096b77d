import type { Notification, NotificationId } from '../entities/notification.ts'
import type { UserId } from '../entities/user.ts'

/** Reads the notifications of users in the order in which they were kept, which that of their times need not be. */
export interface NotificationFeedReader {
  /** The last one that each of these users was given; who has none is missing. */
  latestIds(owners: readonly UserId[]): Promise<ReadonlyMap<UserId, NotificationId>>

  /**
   * What the user was given after that notification, at most `limit`; all of it after `null` or an id that is none of
   * theirs. Nothing that is kept later ever comes before what was given here.
   */
  listAfter(owner: UserId, id: NotificationId | null, limit: number): Promise<readonly Notification[]>
}
