import type { CommentReader } from '../../domains/ports/comment-repository.ts'
import type { KeyedRequest, Reservation } from '../../domains/ports/idempotency-keys.ts'
import type { InboxReader } from '../../domains/ports/inbox.ts'
import type { NotificationReader } from '../../domains/ports/notification-repository.ts'
import type { PostReader } from '../../domains/ports/post-repository.ts'
import type { UserReader } from '../../domains/ports/user-repository.ts'
import type { OutboxClaims } from '../../patterns/outbox-relay.ts'
import type { Change } from './change.ts'

/** An announcement as it is kept: `id` is its own, `data` the state after the change in JSON. */
export type KeptEvent = Readonly<{
  id: string
  type: string
  subject: string
  version: number
  time: Date
  data: string
}>

/** What waits to be published. Of more than {@link MOST_COUNTED} only so many are counted. */
export type Backlog = Readonly<{ pending: number; oldestAgeMs: number }>
export const MOST_COUNTED = 10_000

/** The announcements of all units of work: claimed to be published, then kept for a while. */
export interface DriverOutbox extends OutboxClaims<KeptEvent> {
  backlog(): Promise<Backlog>

  /** Lets what was published be published again, from the events of `since` on, in their order; tells how many. */
  replay(since: Date): Promise<number>
}

/** What became of a key; an answer is the text that the unit of work kept. */
export type DriverKeyState =
  | Readonly<{ kind: 'reserved' | 'in-use' | 'reused' }>
  | Readonly<{ kind: 'answered'; answer: string }>

/** All times are those of the database, so that the clocks of processes may differ. */
export interface DriverKeys {
  /** Reserves the key under this token, or says what became of it. */
  reserve(request: KeyedRequest, token: string): Promise<DriverKeyState>
  release(reservation: Reservation): Promise<void>
}

/** How old the oldest may get that nobody needs any more, in milliseconds. */
export type Retention = Readonly<{ publishedMs: number; handledMs: number }>

/** All that a database has to offer to become a store: reading, and keeping a list of changes as one. */
export interface StoreDriver {
  readonly posts: PostReader
  readonly comments: CommentReader
  readonly users: UserReader
  readonly notifications: NotificationReader
  readonly inbox: InboxReader
  readonly keys: DriverKeys
  readonly outbox: DriverOutbox

  /**
   * Keeps all changes and their announcements, or none of them.
   *
   * @throws {Conflict} when a version that a change follows is not the kept one, or an id is taken
   * @throws {Contention} when the engine gave way to another transaction (serialization failure, deadlock, busy)
   * @throws {AccountDisabled} when something is added for an owner who is not an active user
   * @throws {PostNotFound} when a comment is added to a post that is not there
   * @throws {AlreadyHandled} when a consumer has handled a message, or a later version of its subject
   * @throws {KeyInUse} when the reservation of an answer has passed to somebody else
   * @throws {OutcomeUnknown} when the engine fell silent after it may have kept the changes
   */
  commit(changes: readonly Change[]): Promise<void>

  /**
   * Removes some of what is older than that: published events, handled messages, expired keys. Never what is pending.
   * True while there may be more: each call is short.
   */
  prune(retention: Retention): Promise<boolean>

  /** Returns when the engine answers. @throws {DependencyUnavailable} */
  ping(): Promise<void>

  close(): Promise<void>
}
