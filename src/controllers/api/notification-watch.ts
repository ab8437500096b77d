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
  isClosed: () => boolean
  wake: () => void
  wait: () => Promise<void>
}>

/** So many are fetched, and thus held for a slow reader, at a time. */
const BATCH = 50

/** After which notification a reader starts: the last one that they saw, else the newest; null for all of them. */
export async function startOf(
  notifications: NotificationService,
  reader: Actor,
  lastSeen: NotificationId | null,
): Promise<NotificationId | null> {
  const latestId = await notifications.latestId({ reader })
  return latestId === null ? null : (lastSeen ?? latestId)
}

/**
 * What the reader is given, batch by batch, each fetched when the one before was taken; an empty one whenever it was woken
 * for nothing. While the store is away there is none yet.
 *
 * @throws {AccountDisabled} when the account was disabled meanwhile
 */
export async function* watchNotifications({ notifications, feed }: WatchServices, watcher: Watcher) {
  const { reader, isClosed, wake, wait } = watcher
  let position = watcher.start
  const unsubscribe = feed.subscribe({ owner: reader.userId, position: () => position, onNew: wake })

  const next = (): Promise<readonly Notification[]> =>
    notifications.listAfter({ reader, id: position, limit: BATCH }).catch((error) => {
      if (error instanceof DependencyUnavailable) return []
      throw error
    })

  try {
    while (!isClosed()) {
      const found = await next()
      position = found.at(-1)?.id ?? position
      yield found
      if (found.length < BATCH) await wait()
    }
  } finally {
    unsubscribe()
  }
}
