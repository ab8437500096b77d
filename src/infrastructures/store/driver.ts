import type { Reservation, ReservationRequest } from '../../domains/ports/idempotency-keys.ts'
import type { InboxReader } from '../../domains/ports/inbox.ts'
import type { Reader } from '../../domains/ports/repository.ts'
import type { OutboxClaims } from '../../patterns/outbox-relay.ts'
import type { Aggregate, Entity } from './aggregate.ts'
import type { Operation } from './operation.ts'
import type { View } from './view.ts'

/** A filter of lists: values of fields, flags, `createdFrom` and `createdTo`, as descriptions name them. */
export type Filter = Readonly<Record<string, unknown>>

/** A row of the outbox: `id` is that of the event, `data` is JSON. */
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

/** The pending events. The count stops at {@link MAX_COUNTED}. */
export type Backlog = Readonly<{ pending: number; oldestAgeMs: number }>
export const MAX_COUNTED = 10_000

/** The events of all units of work: claimed, published, then kept for a while. */
export interface DriverOutbox extends OutboxClaims<OutboxRecord> {
  backlog(): Promise<Backlog>

  /** Makes published events from `since` on pending again, in their order; returns how many. */
  replay(since: Date): Promise<number>
}

/** The state of a key; a result is the text that the unit of work stored. */
export type DriverKeyState =
  | Readonly<{ kind: 'reserved' | 'in-use' | 'reused' }>
  | Readonly<{ kind: 'completed'; result: string }>

/** All times are those of the database, so that the clocks of processes may differ. */
export interface DriverKeys {
  /** Reserves the key under this token, or returns its state. */
  reserve(request: ReservationRequest, token: string): Promise<DriverKeyState>
  release(reservation: Reservation): Promise<void>
}

/** How long published events and handled messages are kept, in milliseconds. */
export type Retention = Readonly<{ publishedMs: number; handledMs: number }>

/** The open connections, how many of them are busy, and how many units of work wait for one. */
export type PoolUsage = Readonly<{ connections: number; busy: number; waiting: number }>

/** What an engine must implement to become a store: reading, and committing a list of operations as one. */
export interface StoreDriver {
  reader<State extends Entity>(aggregate: Aggregate<State>): Reader<State, Filter>
  view<Port>(view: View<Port>): Port

  readonly inbox: InboxReader
  readonly keys: DriverKeys
  readonly outbox: DriverOutbox

  /**
   * Commits all operations and their events, or none of them.
   *
   * @throws {Conflict} when the version that a change follows is not the stored one, or an id is taken
   * @throws {TransientConflict} when the engine aborted it for another transaction (serialization failure, deadlock, busy)
   * @throws the error in the description of an aggregate, when its owner or its parent does not meet its condition
   * @throws {DuplicateMessage} when a consumer has handled a message, or a later version of its subject
   * @throws {IdempotencyKeyInUse} when another process holds the reservation of a result
   * @throws {OutcomeUnknown} when the engine stopped answering after it may have committed
   */
  commit(operations: readonly Operation[]): Promise<void>

  /**
   * Removes some of what is older than that: published events, handled messages, expired keys. Never pending events.
   * True while there may be more: each call is short.
   */
  prune(retention: Retention): Promise<boolean>

  /** Missing for an engine without connections. */
  readonly poolUsage?: () => PoolUsage

  /** Returns when the engine answers. @throws {DependencyUnavailable} */
  ping(): Promise<void>

  close(): Promise<void>
}
