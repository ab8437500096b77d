import { createCancellableSleep, type Sleep } from '../../patterns/cancellable-sleep.ts'
import type { NotificationId } from '../entities/notification.ts'
import type { UserId } from '../entities/user.ts'
import type { NotificationFeedReader } from '../ports/notification-feed-reader.ts'
import type { NotificationService } from './notification-service.ts'

/** Someone who wants to hear that a user was given something after `position`, the last one known there. */
export type Subscriber = Readonly<{ owner: UserId; position: () => NotificationId | null; onNew: () => void }>

/**
 * Tells followers that there is news, whoever gave it: the store is asked four times a second for all of them together, and soon
 * after someone here was given something. It remembers nothing, so a follower who is not at the end is told again each time.
 * While nobody follows, nothing is asked.
 */
export interface NotificationFeed {
  /** Tells `follower` of news until the function that it returns is called. */
  subscribe(subscriber: Subscriber): () => void

  /** Says that someone may have been given something just now. */
  wake(): void
}

type Needs = Readonly<{
  reader: Pick<NotificationFeedReader, 'latestIds'>
  sleep: Sleep
  onFailure: (error: unknown) => void
}>

/** What others gave is seen after that long: with all that is on its way before, a stream tells of it within a second. */
const POLL_MS = 250
/** And then, for more to come: those who give much are not looked for one by one. */
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

/** The same service, which wakes the feed whenever it gave something. */
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
