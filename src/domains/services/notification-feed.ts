import { createBell } from '../../patterns/bell.ts'
import type { NotificationId } from '../entities/notification.ts'
import type { UserId } from '../entities/user.ts'
import type { NotificationReader } from '../ports/notification-repository.ts'
import type { NotificationService } from './notification-service.ts'

/** Someone who wants to hear that a user was given something after `position`, the last one known there. */
export type Follower = Readonly<{ owner: UserId; position: () => NotificationId | null; onNews: () => void }>

export type NotificationFeed = ReturnType<typeof createNotificationFeed>

type Needs = Readonly<{
  notifications: Pick<NotificationReader, 'newest'>
  sleep: (milliseconds: number) => Promise<void>
  onFailure: (error: unknown) => void
}>

/** What others gave is seen after that long. */
const POLL_MS = 1_000
/** And then, for more to come: those who give much are not looked for one by one. */
const GATHER_MS = 50

/**
 * Tells followers that there is news, whoever gave it: the store is asked once a second for all of them together, and soon
 * after someone here was given something. It remembers nothing, so a follower who is not at the end is told again each time.
 * While nobody follows, nothing is asked.
 */
export function createNotificationFeed({ notifications, sleep, onFailure }: Needs) {
  const followers = new Set<Follower>()
  const bell = createBell()
  let isRunning = false

  async function run(): Promise<void> {
    isRunning = true
    while (followers.size > 0) {
      await look().catch(onFailure)
      await bell.wait(() => sleep(POLL_MS))
      await sleep(GATHER_MS)
    }
    isRunning = false
  }

  async function look(): Promise<void> {
    const asking = [...followers]
    const newest = await notifications.newest([...new Set(asking.map(({ owner }) => owner))])
    for (const { owner, position, onNews } of asking) if ((newest.get(owner) ?? null) !== position()) onNews()
  }

  return {
    /** Tells `follower` of news until the function that it returns is called. */
    follow(follower: Follower): () => void {
      followers.add(follower)
      if (!isRunning) void run()
      return () => void followers.delete(follower)
    },

    /** Says that someone may have been given something just now. */
    wake: bell.ring,
  }
}

/** The same service, which wakes the feed whenever it gave something. */
export const wakingFeed = (
  service: NotificationService,
  { wake }: Pick<NotificationFeed, 'wake'>,
): NotificationService => ({
  ...service,

  async commentWritten(message, comment) {
    const isNew = await service.commentWritten(message, comment)
    if (isNew) wake()
    return isNew
  },
})
