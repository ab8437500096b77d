import type { Notification } from '../../../domains/entities/notification.ts'
import type { IncomingMessage } from '../../../domains/ports/inbox.ts'
import type { Aggregates, Noun } from '../change.ts'
import type { KeptEvent } from '../driver.ts'

export type Table<State> = Map<string, State>

export type PublishedEvent = Readonly<{ event: KeptEvent; publishedAt: number }>
export type HandledMessage = Readonly<{ message: IncomingMessage; handledAt: number }>

/** A key of a user, by both. Without an answer it is reserved for a while. */
export type KnownKey = Readonly<{
  fingerprint: string
  token: string
  answer: string | null
  reservedUntil: number
  expiresAt: number
}>

/** All that the memory store keeps, by id, in the order of the commits. */
export type MemoryState = Readonly<
  { [Of in Noun]: Table<Aggregates[Of]> } & {
    /** What each user was given, in that order. */
    notification: Table<readonly Notification[]>
    published: Table<PublishedEvent>
    handled: Table<HandledMessage>
    /** The last version of a subject that a consumer has handled, by both. */
    latest: Table<number>
    key: Table<KnownKey>
  }
> & {
  /** What is not published yet. */
  outbox: KeptEvent[]
  /** Whose claim holds, and until when. */
  lease: Readonly<{ token: string; until: number }>
}

export const emptyState = (): MemoryState => ({
  user: new Map(),
  post: new Map(),
  comment: new Map(),
  notification: new Map(),
  published: new Map(),
  handled: new Map(),
  latest: new Map(),
  key: new Map(),
  outbox: [],
  lease: { token: '', until: 0 },
})

/** The name of what is known by two names. */
export const pairOf = (one: string, other: string): string => `${one} ${other}`
