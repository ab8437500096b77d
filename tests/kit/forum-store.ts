import type { Comment } from '../../src/domains/entities/comment.ts'
import type { Notification } from '../../src/domains/entities/notification.ts'
import type { Post } from '../../src/domains/entities/post.ts'
import type { User } from '../../src/domains/entities/user.ts'
import { CommentEvents } from '../../src/domains/events/comment-events.ts'
import type { DomainEvent } from '../../src/domains/events/domain-event.ts'
import { PostEvents } from '../../src/domains/events/post-events.ts'
import { UserEvents } from '../../src/domains/events/user-events.ts'
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
  pauses?: Pick<Retry, 'sleep' | 'random'>,
): Store => createStoreOf(driver, FORUM, { ...(newToken && { newToken }), ...(pauses && { pauses }) })

/** The store of the forum, read through a cache. */
export const cachedStore = (store: Store, cache: Cache): Store =>
  cachedStoreOf(store as StoreOf<typeof FORUM>, FORUM, cache)

/** The readers of a driver, as a store of the forum has them. */
export const readersOf = (driver: StoreDriver) => ({
  users: driver.reader(FORUM.aggregates.users),
  posts: driver.reader(FORUM.aggregates.posts),
  comments: driver.reader(FORUM.aggregates.comments),
  notifications: driver.reader(FORUM.aggregates.notifications),
})

type State = Readonly<{ id: string; version: number; updatedAt: Date }>
const TYPES = [PostEvents, CommentEvents, UserEvents].flatMap((events) => Object.values(events))

/** The event of a type that tells of an aggregate. */
export function eventOf(type: string, state: State): DomainEvent {
  const known = TYPES.find((one) => one.type === type)
  if (known === undefined) throw new Error(`There is no event ${type}.`)
  return known.of(state as never)
}
