import type { DomainEvent } from '../../../domains/entities/event.ts'
import type { Aggregates, Noun } from '../change.ts'

export type Table<State> = Map<string, State>

/** All that the memory store keeps: aggregates by id, and the announcements in the order of their commits. */
export type MemoryState = Readonly<{ [Of in Noun]: Table<Aggregates[Of]> } & { outbox: DomainEvent[] }>

export const emptyState = (): MemoryState => ({ user: new Map(), post: new Map(), comment: new Map(), outbox: [] })
