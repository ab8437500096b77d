import type { DomainEvent } from '../../domains/events/domain-event.ts'
import type { Reservation } from '../../domains/ports/idempotency-keys.ts'
import type { IncomingMessage } from '../../domains/ports/inbox.ts'
import type { Aggregate, Entity } from './aggregate.ts'

/** What a unit of work does to one aggregate. `state` is the version after it: the last one of what is removed. */
export type Change = Readonly<{ kind: 'add' | 'save' | 'remove'; of: Aggregate; state: Entity }>

/** A change and the event that it raises; null for what raises none. A removal takes along all that belongs to the aggregate. */
export type RecordedChange = Change &
  Readonly<{
    event: DomainEvent | null
    /** The trace that the change is part of, as W3C Trace Context writes it: it is kept with the events. */
    traceparent?: string | null
  }>

export const traceparentOf = ({ traceparent = null }: RecordedChange): string | null => traceparent

/** What a unit of work asks a store to do, in the order in which it was asked. */
export type Operation =
  | RecordedChange
  | Readonly<{ kind: 'mark-processed'; message: IncomingMessage }>
  | Readonly<{ kind: 'save-result'; reservation: Reservation; result: string }>
