import type { Store } from '../../src/domains/ports/store.ts'
import { FORUM } from '../../src/infrastructures/store/aggregates/forum.ts'
import { createStore as createStoreOf } from '../../src/infrastructures/store/create-store.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { memoryDriver as memoryDriverOf } from '../../src/infrastructures/store/memory/memory-driver.ts'
import type { Retry } from '../../src/patterns/retry.ts'
import { emptyTables } from './memory-tables.ts'

/** The state of a store in memory that keeps the forum, with its tables by their nouns. */
export type ForumState = ReturnType<typeof emptyState>

export const emptyState = () => emptyTables(FORUM.aggregates)

export const memoryDriver = (state: ForumState = emptyState(), now?: () => number): StoreDriver =>
  memoryDriverOf(FORUM.aggregates, state, now)

/** The store of the forum over a driver. */
export const createStore = (
  driver: StoreDriver,
  newToken?: () => string,
  backoff?: Pick<Retry, 'sleep' | 'random'>,
): Store => createStoreOf(driver, FORUM, { ...(newToken && { newToken }), ...(backoff && { backoff }) })
