import { CommentNotFound } from '../../domains/errors/comment-errors.ts'
import { PostNotFound } from '../../domains/errors/post-errors.ts'
import type { Cache, Keepable } from '../../domains/ports/cache.ts'
import type { Store } from '../../domains/ports/store.ts'
import { commentKey, postKey, type Touched, touching } from './touches.ts'

/**
 * A store that reads single posts and comments through a cache. What a unit of work touched is forgotten before its
 * outcome is known to anyone, whatever that outcome is; within a unit everything is read as it is kept.
 */
export const cachedStore = (store: Store, cache: Cache): Store => ({
  users: store.users,
  notifications: store.notifications,
  inbox: store.inbox,
  keys: store.keys,

  posts: {
    get: (id) => through(cache, postKey(id), () => store.posts.get(id), PostNotFound),
    list: (listing) => store.posts.list(listing),
    count: (filter) => store.posts.count(filter),
  },

  comments: {
    get: (id) => through(cache, commentKey(id), () => store.comments.get(id), CommentNotFound),
    list: (listing) => store.comments.list(listing),
    count: (filter) => store.comments.count(filter),
  },

  async transact(work) {
    const touched: Touched = { keys: new Set(), families: new Set() }
    try {
      return await store.transact((uow) => work(touching(uow, touched)))
    } finally {
      await cache.forget([...touched.keys], [...touched.families])
    }
  },
})

/** That something is missing is kept as null, and told as the error that it is. */
async function through<State extends Keepable>(
  cache: Cache,
  key: string,
  load: () => Promise<State>,
  Missing: new () => Error,
): Promise<State> {
  const found = await cache.get<State>(key, () =>
    load().catch((error) => {
      if (error instanceof Missing) return null
      throw error
    }),
  )
  if (found === null) throw new Missing()
  return found
}
