import type { IncomingMessage } from '../../../domains/ports/inbox.ts'
import type { Aggregates, Entity } from '../aggregate.ts'
import type { OutboxRecord } from '../driver.ts'

export type Table<Row> = Map<string, Row>

export type PublishedEvent = Readonly<{ event: OutboxRecord; publishedAt: number }>
export type HandledMessage = Readonly<{ message: IncomingMessage; handledAt: number }>

/** A key of a user, by both. Without a result it is reserved for a while. */
export type StoredKey = Readonly<{
  fingerprint: string
  token: string
  result: string | null
  reservedUntil: number
  expiresAt: number
}>

/** All rows of the memory store, by id, in the order of the commits. */
export type MemoryState = {
  /** The aggregates, by type. */
  readonly tables: ReadonlyMap<string, Table<Entity>>
  readonly published: Table<PublishedEvent>
  readonly handled: Table<HandledMessage>
  /** The last version of a subject that a consumer has handled, by both. */
  readonly latest: Table<number>
  readonly key: Table<StoredKey>
  /** The pending events. */
  outbox: OutboxRecord[]
  /** Whose claim holds, and until when. */
  lease: Readonly<{ token: string; until: number }>
}

export const emptyState = (aggregates: Aggregates): MemoryState => ({
  tables: new Map(Object.values(aggregates).map(({ type }) => [type, new Map()])),
  published: new Map(),
  handled: new Map(),
  latest: new Map(),
  key: new Map(),
  outbox: [],
  lease: { token: '', until: 0 },
})

/** One key of two parts. */
export const compositeKey = (one: string, other: string): string => `${one} ${other}`
