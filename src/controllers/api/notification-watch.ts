import type { Actor } from '../../domains/entities/actor.ts'
import type { Notification, NotificationId } from '../../domains/entities/notification.ts'
import { DependencyUnavailable } from '../../domains/errors/dependency-errors.ts'
import type { NotificationFeed } from '../../domains/services/notification-feed.ts'
import type { NotificationService } from '../../domains/services/notification-service.ts'

export type WatchServices = Readonly<{ notifications: NotificationService; feed: NotificationFeed }>

/** One who watches. It is woken by the feed, and by whoever else has something to say to it. */
type Watcher = Readonly<{
  reader: Actor
  start: NotificationId | null
  isOver: () => boolean
  wake: () => void
  woken: () => Promise<void>
}>

/** So many are fetched, and thus held for a slow reader, at a time. */
const BATCH = 50

/** After which notification a reader starts: the last one that they saw, else the newest; null for all of them. */
export async function startOf(
  notifications: NotificationService,
  reader: Actor,
  lastSeen: NotificationId | null,
): Promise<NotificationId | null> {
  const newest = await notifications.newest({ reader })
  return newest === null ? null : (lastSeen ?? newest)
}

/**
 * What the reader is given, batch by batch, each fetched when the one before was taken; an empty one whenever it was woken
 * for nothing. While the store is away there is none yet.
 *
 * @throws {AccountDisabled} when the account was disabled meanwhile
 */
export async function* watchNotifications({ notifications, feed }: WatchServices, watcher: Watcher) {
  const { reader, isOver, wake, woken } = watcher
  let position = watcher.start
  const unfollow = feed.follow({ owner: reader.userId, position: () => position, onNews: wake })

  const next = (): Promise<readonly Notification[]> =>
    notifications.after({ reader, id: position, limit: BATCH }).catch((error) => {
      if (error instanceof DependencyUnavailable) return []
      throw error
    })

  try {
    while (!isOver()) {
      const found = await next()
      position = found.at(-1)?.id ?? position
      yield found
      if (found.length < BATCH) await woken()
    }
  } finally {
    unfollow()
  }
}
