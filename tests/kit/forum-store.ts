import type { Comment } from '../../src/domains/entities/comment.ts'
import type { Notification } from '../../src/domains/entities/notification.ts'
import type { Post } from '../../src/domains/entities/post.ts'
import type { User } from '../../src/domains/entities/user.ts'
import type { Store } from '../../src/domains/ports/store.ts'
import type { Cache } from '../../src/infrastructures/cache/cache.ts'
import { cachedStore as cachedStoreOf } from '../../src/infrastructures/cache/cached-store.ts'
import { FORUM } from '../../src/infrastructures/store/aggregates/forum.ts'
import { createStore as createStoreOf, type StoreOf } from '../../src/infrastructures/store/create-store.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { memoryDriver as memoryDriverOf } from '../../src/infrastructures/store/memory/memory-driver.ts'
import { emptyState as emptyStateOf, type Table } from '../../src/infrastructures/store/memory/memory-state.ts'
import type { Retry } from '../../src/patterns/retry.ts'

/** The state of a store in memory that keeps the forum, with its tables by their nouns. */
export type ForumState = ReturnType<typeof emptyState>

export function emptyState() {
  const state = emptyStateOf(FORUM.aggregates)
  const table = <Row>(noun: string) => state.tables.get(noun) as unknown as Table<Row>
  return Object.assign(state, {
    user: table<User>('user'),
    post: table<Post>('post'),
    comment: table<Comment>('comment'),
    notification: table<Notification>('notification'),
  })
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
