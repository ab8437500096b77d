import { createCancellableSleep, type Sleep } from '../../patterns/cancellable-sleep.ts'
import type { NotificationId } from '../entities/notification.ts'
import type { UserId } from '../entities/user.ts'
import type { NotificationFeedReader } from '../ports/notification-feed-reader.ts'
import type { NotificationService } from './notification-service.ts'

/** Waits for notifications of a user after `position`, the last one that the subscriber knows. */
export type Subscriber = Readonly<{ owner: UserId; position: () => NotificationId | null; onNew: () => void }>

/**
 * Signals new notifications to subscribers, from any process: it polls the store four times a second for all of them together,
 * and soon after this process has added one. It keeps no state, so it signals a subscriber that is not at the end each time.
 * Without subscribers it does not poll.
 */
export interface NotificationFeed {
  /** Signals new notifications until the caller calls the returned function. */
  subscribe(subscriber: Subscriber): () => void

  /** Call when this process may have added a notification. */
  wake(): void
}

type Needs = Readonly<{
  reader: Pick<NotificationFeedReader, 'latestIds'>
  sleep: Sleep
  onFailure: (error: unknown) => void
}>

/** The time until notifications of other processes are seen; with the steps before it, a stream sends them within a second. */
const POLL_MS = 250
/** The time to wait after that for more, so that a burst of notifications takes one poll. */
const LINGER_MS = 50

export function createNotificationFeed({ reader, sleep, onFailure }: Needs): NotificationFeed {
  const subscribers = new Set<Subscriber>()
  let sleeper = createCancellableSleep(sleep)

  async function run(own: typeof sleeper): Promise<void> {
    while (!own.isCancelled()) {
      await poll().catch(onFailure)
      await own.sleepUntilSignalled(POLL_MS)
      await own.sleep(LINGER_MS)
    }
  }

  function start(): void {
    sleeper = createCancellableSleep(sleep)
    void run(sleeper)
  }

  async function poll(): Promise<void> {
    const polled = [...subscribers]
    const latest = await reader.latestIds([...new Set(polled.map(({ owner }) => owner))])
    for (const { owner, position, onNew } of polled) if ((latest.get(owner) ?? null) !== position()) onNew()
  }

  return {
    subscribe(subscriber) {
      const isFirst = subscribers.size === 0
      subscribers.add(subscriber)
      if (isFirst) start()
      return () => {
        subscribers.delete(subscriber)
        if (subscribers.size === 0) sleeper.cancel()
      }
    },

    wake: () => sleeper.signal(),
  }
}

/** The same service, which wakes the feed when it has added a notification. */
export const withFeedWakeup = (
  service: NotificationService,
  { wake }: Pick<NotificationFeed, 'wake'>,
): NotificationService => ({
  ...service,

  async commentWritten(command) {
    const isNew = await service.commentWritten(command)
    if (isNew) wake()
    return isNew
  },
})
