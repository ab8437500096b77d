import type { Reader } from '../../../domains/ports/repository.ts'
import type { Aggregate, Aggregates, Entity } from '../aggregate.ts'
import type { Filter, Retention, StoreDriver } from '../driver.ts'
import { applyOperation } from './apply-operation.ts'
import { memoryKeys } from './memory-keys.ts'
import { memoryOutbox } from './memory-outbox.ts'
import { memoryReader } from './memory-reader.ts'
import { compositeKey, emptyState, type MemoryState, type Table } from './memory-state.ts'
import { beginTransaction } from './memory-transaction.ts'

/** Stores everything in this process, until it ends. A commit is one synchronous step, so no read sees half of it. */
export const memoryDriver = (
  aggregates: Aggregates,
  state: MemoryState = emptyState(aggregates),
  now: () => number = Date.now,
): StoreDriver => ({
  reader: <State extends Entity>(aggregate: Aggregate<State>): Reader<State, Filter> =>
    memoryReader(state.tables.get(aggregate.type) as Table<State>, aggregate),
  view: (view) => view.memory(state.tables),
  inbox: {
    processedDigest: async (consumer, id) => state.handled.get(compositeKey(consumer, id))?.message.digest ?? null,
  },
  keys: memoryKeys(state, now),
  outbox: memoryOutbox(state, now),

  async commit(operations) {
    const transaction = beginTransaction(state, now)
    try {
      for (const operation of operations) applyOperation(transaction, operation, aggregates)
    } catch (error) {
      transaction.rollBack()
      throw error
    }
  },

  async prune(retention) {
    prune(state, retention, now())
    return false
  },

  ping: async () => {},
  close: async () => {},
})

function prune(state: MemoryState, { publishedMs, handledMs }: Retention, now: number): void {
  const { published, handled, latest, key } = state
  for (const [id, { event, publishedAt }] of published) {
    if (Math.max(publishedAt, event.time.getTime()) < now - publishedMs) published.delete(id)
  }
  for (const [name, { message, handledAt }] of handled) {
    if (handledAt >= now - handledMs) continue
    handled.delete(name)
    const subject = compositeKey(message.consumer, message.subject)
    if (latest.get(subject) === message.version) latest.delete(subject)
  }
  for (const [name, { expiresAt }] of key) if (expiresAt < now) key.delete(name)
}
