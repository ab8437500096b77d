import type { DomainEvent } from '../../domains/events/domain-event.ts'
import type { Reservation } from '../../domains/ports/idempotency-keys.ts'
import type { IncomingMessage } from '../../domains/ports/inbox.ts'
import type { Aggregate, Entity } from './aggregate.ts'

/** A change of one aggregate in a unit of work. `state` is the version after it; of a removal, the last version. */
export type Change = Readonly<{ kind: 'add' | 'save' | 'remove'; of: Aggregate; state: Entity }>

/** A change and the event that it raises; null if it raises none. A removal also removes all dependents. */
export type RecordedChange = Change &
  Readonly<{
    event: DomainEvent | null
    /** The trace that the change is part of, in the form of W3C Trace Context; the outbox stores it with the event. */
    traceparent: string | null
  }>

/** An operation of a unit of work; the store executes them in their order. */
export type Operation =
  | RecordedChange
  | Readonly<{ kind: 'mark-processed'; message: IncomingMessage }>
  | Readonly<{ kind: 'save-result'; reservation: Reservation; result: string }>
