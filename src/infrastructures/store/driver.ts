import type { Reservation, ReservationRequest } from '../../domains/ports/idempotency-keys.ts'
import type { InboxReader } from '../../domains/ports/inbox.ts'
import type { Reader } from '../../domains/ports/repository.ts'
import type { OutboxClaims } from '../../patterns/outbox-relay.ts'
import type { Aggregate, Entity } from './aggregate.ts'
import type { Operation } from './operation.ts'
import type { View } from './view.ts'

/** What lists are filtered by: values of fields, flags, `createdFrom` and `createdTo`, as descriptions name them. */
export type Filter = Readonly<Record<string, unknown>>

/** An event as it is kept: `id` is its own, `data` JSON. */
export type OutboxRecord = Readonly<{
  id: string
  type: string
  subject: string
  version: number
  time: Date
  schemaVersion: string
  /** The trace that the change was part of. */
  traceparent: string | null
  data: string
}>

/** What waits to be published. Of more than {@link MAX_COUNTED} only so many are counted. */
export type Backlog = Readonly<{ pending: number; oldestAgeMs: number }>
export const MAX_COUNTED = 10_000

/** The events of all units of work: claimed to be published, then kept for a while. */
export interface DriverOutbox extends OutboxClaims<OutboxRecord> {
  backlog(): Promise<Backlog>

  /** Lets what was published be published again, from the events of `since` on, in their order; tells how many. */
  replay(since: Date): Promise<number>
}

/** What became of a key; a result is the text that the unit of work kept. */
export type DriverKeyState =
  | Readonly<{ kind: 'reserved' | 'in-use' | 'reused' }>
  | Readonly<{ kind: 'completed'; result: string }>

/** All times are those of the database, so that the clocks of processes may differ. */
export interface DriverKeys {
  /** Reserves the key under this token, or says what became of it. */
  reserve(request: ReservationRequest, token: string): Promise<DriverKeyState>
  release(reservation: Reservation): Promise<void>
}

/** How old the oldest may get that nobody needs any more, in milliseconds. */
export type Retention = Readonly<{ publishedMs: number; handledMs: number }>

/** Connections to a server, those of them that are at work, and the work that waits for one. */
export type PoolUsage = Readonly<{ connections: number; busy: number; waiting: number }>

/** All that an engine has to offer to become a store: reading, and keeping a list of operations as one. */
export interface StoreDriver {
  reader<State extends Entity>(aggregate: Aggregate<State>): Reader<State, Filter>
  view<Port>(view: View<Port>): Port

  readonly inbox: InboxReader
  readonly keys: DriverKeys
  readonly outbox: DriverOutbox

  /**
   * Keeps all operations and their events, or none of them.
   *
   * @throws {Conflict} when a version that a change follows is not the kept one, or an id is taken
   * @throws {Contention} when the engine gave way to another transaction (serialization failure, deadlock, busy)
   * @throws what the description of an aggregate says, when its owner or its parent is not what it must be
   * @throws {DuplicateMessage} when a consumer has handled a message, or a later version of its subject
   * @throws {IdempotencyKeyInUse} when the reservation of a result has passed to somebody else
   * @throws {OutcomeUnknown} when the engine fell silent after it may have kept the operations
   */
  commit(operations: readonly Operation[]): Promise<void>

  /**
   * Removes some of what is older than that: published events, handled messages, expired keys. Never what is pending.
   * True while there may be more: each call is short.
   */
  prune(retention: Retention): Promise<boolean>

  /** Missing where there are no connections. */
  readonly poolUsage?: () => PoolUsage

  /** Returns when the engine answers. @throws {DependencyUnavailable} */
  ping(): Promise<void>

  close(): Promise<void>
}
