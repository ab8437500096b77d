import type { Store } from '../../src/domains/ports/store.ts'
import type { Cache } from '../../src/infrastructures/cache/cache.ts'
import { cachedStore as cachedStoreOf } from '../../src/infrastructures/cache/cached-store.ts'
import type { Aggregate } from '../../src/infrastructures/store/aggregate.ts'
import { FORUM } from '../../src/infrastructures/store/aggregates/forum.ts'
import { createStore as createStoreOf, type StoreOf } from '../../src/infrastructures/store/create-store.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { memoryDriver as memoryDriverOf } from '../../src/infrastructures/store/memory/memory-driver.ts'
import { emptyState as emptyStateOf, type Table } from '../../src/infrastructures/store/memory/memory-state.ts'
import type { Retry } from '../../src/patterns/retry.ts'

type Aggregates = typeof FORUM.aggregates

/** The tables of what the forum keeps, by their nouns. */
type Tables = {
  readonly [Name in keyof Aggregates as Name extends `${infer Noun}s`
    ? Noun
    : never]: Aggregates[Name] extends Aggregate<infer State> ? Table<State> : never
}

/** The state of a store in memory that keeps the forum, with its tables by their nouns. */
export type ForumState = ReturnType<typeof emptyState>

export function emptyState() {
  const state = emptyStateOf(FORUM.aggregates)
  return Object.assign(state, Object.fromEntries(state.tables) as unknown as Tables)
}

export const memoryDriver = (state: ForumState = emptyState(), now?: () => number): StoreDriver =>
  memoryDriverOf(FORUM.aggregates, state, now)

/** The store of the forum over a driver. */
export const createStore = (
  driver: StoreDriver,
  newToken?: () => string,
  backoff?: Pick<Retry, 'sleep' | 'random'>,
): Store => createStoreOf(driver, FORUM, { ...(newToken && { newToken }), ...(backoff && { backoff }) })

/** The store of the forum, read through a cache. */
export const cachedStore = (store: Store, cache: Cache): Store =>
  cachedStoreOf(store as StoreOf<typeof FORUM>, FORUM, cache)
