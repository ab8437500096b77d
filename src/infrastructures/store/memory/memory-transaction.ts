import type { DomainEvent } from '../../../domains/events/domain-event.ts'
import { uuidV7 } from '../../identifiers/uuid-v7.ts'
import type { Aggregate, Entity } from '../aggregate.ts'
import type { MemoryState, Table } from './memory-state.ts'

export type MemoryTransaction = ReturnType<typeof beginTransaction>

/** Changes of the state that can be rolled back. */
export function beginTransaction(state: MemoryState, now: () => number) {
  const undo: (() => unknown)[] = []
  const copied = new Set<unknown>()

  function set<Row>(table: Table<Row>, id: string, row: Row | null): void {
    const before = table.get(id)
    if (row !== null) undo.push(() => (before === undefined ? table.delete(id) : table.set(id, before)))
    else if (!copied.has(table)) undo.push(restoring(table))
    if (row === null) copied.add(table)
    if (row === null) table.delete(id)
    else table.set(id, row)
  }

  return {
    state,
    now,
    set,

    table({ type }: Aggregate): Table<Entity> {
      const table = state.tables.get(type)
      if (table === undefined) throw new Error(`This store keeps no ${type}.`)
      return table
    },

    raise({ data, ...event }: DomainEvent, traceparent: string | null): void {
      undo.push(() => void state.outbox.pop())
      state.outbox.push({ ...event, id: uuidV7(), traceparent, data: JSON.stringify(data) })
    },

    rollBack(): void {
      for (const step of undo.reverse()) step()
    },
  }
}

/** Restores all rows, in their order. */
function restoring<Row>(table: Table<Row>): () => void {
  const before = [...table]
  return () => {
    table.clear()
    for (const [id, row] of before) table.set(id, row)
  }
}
