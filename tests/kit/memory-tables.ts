import type { Aggregate, Aggregates } from '../../src/infrastructures/store/aggregate.ts'
import { emptyState, type MemoryState, type Table } from '../../src/infrastructures/store/memory/memory-state.ts'

/** The tables of what is kept, by their nouns. */
type TablesOf<Of extends Aggregates> = {
  readonly [Name in keyof Of as Name extends `${infer Noun}s` ? Noun : never]: Of[Name] extends Aggregate<infer State>
    ? Table<State>
    : never
}

/** The state of a store in memory, with its tables by their nouns. */
export function emptyTables<Of extends Aggregates>(aggregates: Of): MemoryState & TablesOf<Of> {
  const state = emptyState(aggregates)
  return Object.assign(state, Object.fromEntries(state.tables) as unknown as TablesOf<Of>)
}
