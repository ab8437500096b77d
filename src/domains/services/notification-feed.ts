import { createPauses, type Sleep } from '../../patterns/pauses.ts'
import type { NotificationId } from '../entities/notification.ts'
import type { UserId } from '../entities/user.ts'
import type { NotificationFeedReader } from '../ports/notification-feed-reader.ts'
import type { NotificationService } from './notification-service.ts'

/** Someone who wants to hear that a user was given something after `position`, the last one known there. */
export type Follower = Readonly<{ owner: UserId; position: () => NotificationId | null; onNews: () => void }>

/**
 * Tells followers that there is news, whoever gave it: the store is asked four times a second for all of them together, and soon
 * after someone here was given something. It remembers nothing, so a follower who is not at the end is told again each time.
 * While nobody follows, nothing is asked.
 */
export interface NotificationFeed {
  /** Tells `follower` of news until the function that it returns is called. */
  follow(follower: Follower): () => void

  /** Says that someone may have been given something just now. */
  wake(): void
}

type Needs = Readonly<{
  reader: Pick<NotificationFeedReader, 'latest'>
  sleep: Sleep
  onFailure: (error: unknown) => void
}>

/** What others gave is seen after that long: with all that is on its way before, a stream tells of it within a second. */
const POLL_MS = 250
/** And then, for more to come: those who give much are not looked for one by one. */
const GATHER_MS = 50

export function createNotificationFeed({ reader, sleep, onFailure }: Needs): NotificationFeed {
  const followers = new Set<Follower>()
  let pauses = createPauses(sleep)

  async function run(own: typeof pauses): Promise<void> {
    while (!own.areOver()) {
      await look().catch(onFailure)
      await own.untilRung(POLL_MS)
      await own.pause(GATHER_MS)
    }
  }

  function start(): void {
    pauses = createPauses(sleep)
    void run(pauses)
  }

  async function look(): Promise<void> {
    const asking = [...followers]
    const latest = await reader.latest([...new Set(asking.map(({ owner }) => owner))])
    for (const { owner, position, onNews } of asking) if ((latest.get(owner) ?? null) !== position()) onNews()
  }

  return {
    follow(follower) {
      const isFirst = followers.size === 0
      followers.add(follower)
      if (isFirst) start()
      return () => {
        followers.delete(follower)
        if (followers.size === 0) pauses.endAll()
      }
    },

    wake: () => pauses.ring(),
  }
}

/** The same service, which wakes the feed whenever it gave something. */
export const wakingFeed = (
  service: NotificationService,
  { wake }: Pick<NotificationFeed, 'wake'>,
): NotificationService => ({
  ...service,

  async commentWritten(news) {
    const isNew = await service.commentWritten(news)
    if (isNew) wake()
    return isNew
  },
})
