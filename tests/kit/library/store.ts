import type { DomainEvent } from '../../../src/domains/events/domain-event.ts'
import type { Cache } from '../../../src/infrastructures/cache/cache.ts'
import { cachedStore as cachedStoreOf } from '../../../src/infrastructures/cache/cached-store.ts'
import { createStore as createStoreOf } from '../../../src/infrastructures/store/create-store.ts'
import type { StoreDriver } from '../../../src/infrastructures/store/driver.ts'
import { memoryDriver as memoryDriverOf } from '../../../src/infrastructures/store/memory/memory-driver.ts'
import type { MemoryState } from '../../../src/infrastructures/store/memory/memory-state.ts'
import { emptyTables } from '../memory-tables.ts'
import { BookEvents } from './book.ts'
import { LIBRARY, type Library } from './library.ts'
import { MemberEvents } from './member.ts'
import { ReviewEvents } from './review.ts'

/** The store of the library over a driver. */
export const createStore = (driver: StoreDriver, options?: Parameters<typeof createStoreOf>[2]): Library =>
  createStoreOf(driver, LIBRARY, options)

/** The state of a store in memory that keeps the library, with its tables by their nouns. */
export const emptyState = () => emptyTables(LIBRARY.aggregates)

export const memoryDriver = (state?: MemoryState, now?: () => number): StoreDriver =>
  memoryDriverOf(LIBRARY.aggregates, state, now)

/** The store of the library, read through a cache. */
export const cachedStore = (store: Library, cache: Cache): Library => cachedStoreOf(store, LIBRARY, cache)

/** The readers of a driver, as the store has them. */
export const readersOf = (driver: StoreDriver) => ({
  members: driver.reader(LIBRARY.aggregates.members),
  books: driver.reader(LIBRARY.aggregates.books),
  reviews: driver.reader(LIBRARY.aggregates.reviews),
  loans: driver.reader(LIBRARY.aggregates.loans),
})

type State = Readonly<{ id: string; version: number; updatedAt: Date }>
const TYPES = [BookEvents, ReviewEvents, MemberEvents].flatMap((events) => Object.values(events))

/** The event of a type about an aggregate. */
export function eventOf(type: string, state: State): DomainEvent {
  const known = TYPES.find((one) => one.type === type)
  if (known === undefined) throw new Error(`There is no event ${type}.`)
  return known.of(state as never)
}
