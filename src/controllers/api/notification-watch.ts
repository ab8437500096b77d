import type { Actor } from '../../domains/entities/actor.ts'
import type { Notification, NotificationId } from '../../domains/entities/notification.ts'
import { DependencyUnavailable } from '../../domains/errors/dependency-errors.ts'
import type { NotificationFeed } from '../../domains/services/notification-feed.ts'
import type { NotificationService } from '../../domains/services/notification-service.ts'

export type WatchServices = Readonly<{ notifications: NotificationService; feed: NotificationFeed }>

/** A client that watches. The feed wakes it, and so does its transport. */
type Watcher = Readonly<{
  reader: Actor
  start: NotificationId | null
  isClosed: () => boolean
  wake: () => void
  wait: () => Promise<void>
}>

/** The size of a batch, which is held in memory for a slow client. */
const BATCH = 50

/** After which notification a reader starts: the last one that the reader saw, else the newest; null for all. */
export async function startOf(
  notifications: NotificationService,
  reader: Actor,
  lastSeen: NotificationId | null,
): Promise<NotificationId | null> {
  const latestId = await notifications.latestId({ reader })
  return latestId === null ? null : (lastSeen ?? latestId)
}

/**
 * The reader's notifications, batch by batch, each loaded when the client has read the one before; an empty batch when it
 * was woken without new ones. While the store is down there are none.
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
