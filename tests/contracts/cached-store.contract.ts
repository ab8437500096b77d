import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import type { CommentId } from '../../src/domains/entities/comment.ts'
import type { PostId } from '../../src/domains/entities/post.ts'
import { CommentNotFound } from '../../src/domains/errors/comment-errors.ts'
import { DependencyUnavailable, OutcomeUnknown } from '../../src/domains/errors/dependency-errors.ts'
import { PostNotFound } from '../../src/domains/errors/post-errors.ts'
import type { Store } from '../../src/domains/ports/store.ts'
import { removeComment } from '../../src/domains/usecases/comments/remove-comment.ts'
import { rewriteComment } from '../../src/domains/usecases/comments/rewrite-comment.ts'
import { writeComment } from '../../src/domains/usecases/comments/write-comment.ts'
import { removePost } from '../../src/domains/usecases/posts/remove-post.ts'
import { rewritePost } from '../../src/domains/usecases/posts/rewrite-post.ts'
import { writePost } from '../../src/domains/usecases/posts/write-post.ts'
import { removeUser } from '../../src/domains/usecases/users/remove-user.ts'
import type { Cache } from '../../src/infrastructures/cache/cache.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { aComment, aPost, aUser, minutesAfterNoon, noon, superAdmin } from '../fixtures.ts'
import { cachedStore, createStore, memoryDriver, readersOf } from '../kit/forum-store.ts'
import { adding } from './changes.ts'
import { newCommentId, newPostId, newUserId } from './world.ts'

const later = minutesAfterNoon(1)
const by = { editor: superAdmin, remover: superAdmin, expected: null, at: later }

type Options = { keeps: boolean; skip?: string | false }

/** What a store behind a cache promises beyond what every store does. */
export function describeCachedStore(name: string, open: () => Promise<Cache>, { keeps, skip = false }: Options): void {
  describe(`a store behind ${name}`, { skip }, () => {
    let cache: Cache
    before(async () => {
      cache = await open()
    })
    after(() => cache?.close())

    /** Two posts of two people, each with a comment by the other, read through two processes on one cache. */
    async function world() {
      const driver = memoryDriver()
      const plain = createStore(driver)
      const [one, other] = [aUser({ id: newUserId() }), aUser({ id: newUserId() })]
      const posts = [one, other].map(({ id: ownerId }) => aPost({ id: newPostId(), ownerId }))
      const comments = posts.map(({ id: postId, ownerId }) =>
        aComment({ id: newCommentId(), postId, ownerId: ownerId === one.id ? other.id : one.id }),
      )
      await driver.commit([
        ...[one, other].map(adding.user),
        ...posts.map(adding.post),
        ...comments.map(adding.comment),
      ])
      const store = cachedStore(plain, cache)
      const ids = {
        posts: posts.map(({ id }) => id),
        comments: comments.map(({ id }) => id),
        users: [one.id, other.id],
      }
      return { driver, plain, store, ids, sees: () => assertSame(store, plain, ids) }
    }

    it('loads each post and comment once', { skip: keeps ? false : 'it keeps nothing' }, async () => {
      const { store, driver, ids, sees } = await world()
      const quiet = cachedStore(createStore({ ...driver, reader: () => silent }), cache)

      await unlessLate(async () => {
        await sees()
        const { loads, hits } = cache.figures

        for (const id of ids.posts) assert.deepEqual(await quiet.posts.get(id), await store.posts.get(id))
        for (const id of ids.comments) assert.deepEqual(await quiet.comments.get(id), await store.comments.get(id))

        assert.deepEqual([cache.figures.loads - loads, cache.figures.hits - hits], [0, 8])
      })
    })

    it('says of what is missing that it is missing, each time', async () => {
      const { store } = await world()
      const [post, comment] = [newPostId(), newCommentId()]

      for (let times = 0; times < 3; times++) {
        await assert.rejects(store.posts.get(post), PostNotFound)
        await assert.rejects(store.comments.get(comment), CommentNotFound)
      }
    })

    it('tells what is wrong with the database as it is, and keeps nothing of that', async () => {
      const { plain, driver, ids } = await world()
      const failure = new DependencyUnavailable('database')
      const find = () => Promise.reject(failure)
      const reader: StoreDriver['reader'] = (aggregate) => ({ ...driver.reader(aggregate), find })
      const store = cachedStore(createStore({ ...driver, reader }), cache)

      for (const id of ids.posts) await assert.rejects(store.posts.get(id), (error) => error === failure)
      for (const id of ids.comments) await assert.rejects(store.comments.get(id), (error) => error === failure)

      await assertSame(cachedStore(plain, cache), plain, ids)
    })

    it('has a post and a comment that were missed before, once they are written', async () => {
      const { store, ids, sees } = await world()
      const ownerId = ids.users[0] as (typeof ids.users)[0]
      const post = aPost({ id: newPostId(), ownerId })
      const comment = aComment({ id: newCommentId(), postId: post.id, ownerId })
      await assert.rejects(store.posts.get(post.id), PostNotFound)
      await assert.rejects(store.comments.get(comment.id), CommentNotFound)

      await store.transact(async (uow) => {
        await writePost(uow, { ...post, at: noon })
        await writeComment(uow, { ...comment, at: noon })
      })

      assert.deepEqual(await store.posts.get(post.id), post)
      assert.deepEqual(await store.comments.get(comment.id), comment)
      await sees()
    })

    const CHANGES: Record<string, (store: Store, ids: Awaited<ReturnType<typeof world>>['ids']) => Promise<unknown>> = {
      'a post is rewritten': (store, { posts: [id] }) =>
        store.transact((uow) => rewritePost(uow, { ...by, id: id as PostId, text: aPost({ text: 'New.' }).text })),
      'a comment is rewritten': (store, { comments: [id] }) =>
        store.transact((uow) =>
          rewriteComment(uow, { ...by, id: id as CommentId, text: aComment({ text: 'New.' }).text }),
        ),
      'a comment is removed': (store, { comments: [id] }) =>
        store.transact((uow) => removeComment(uow, { ...by, id: id as CommentId })),
      'a post is removed with its comments': (store, { posts: [id] }) =>
        store.transact((uow) => removePost(uow, { ...by, id: id as PostId })),
      'a user is removed with everything': (store, { users: [id] }) =>
        store.transact((uow) => removeUser(uow, { id: id as (typeof by)['editor']['userId'], at: later })),
    }

    for (const [event, change] of Object.entries(CHANGES)) {
      it(`gives nothing old after ${event}`, async () => {
        const { store, ids, sees } = await world()
        await sees()

        await change(store, ids)

        await sees()
      })

      it(`gives nothing old after ${event}, or perhaps not: the database fell silent`, async () => {
        const { driver, plain, ids } = await world()
        const commit: StoreDriver['commit'] = async (changes) => {
          await driver.commit(changes)
          throw new OutcomeUnknown('database')
        }
        const store = cachedStore(createStore({ ...driver, commit }), cache)
        await assertSame(store, plain, ids)

        await assert.rejects(change(store, ids), OutcomeUnknown)

        await assertSame(store, plain, ids)
      })

      it(`gives what was there after a unit in which ${event} was given up`, async () => {
        const { store, ids, sees } = await world()
        const giveUp = new Error('no more')
        const given: Store = {
          ...store,
          transact: (work) =>
            store.transact(async (uow) => {
              await work(uow)
              throw giveUp
            }),
        }
        await sees()

        await assert.rejects(change(given, ids), giveUp)

        await sees()
      })
    }

    it('reads within a unit of work what is kept, whatever the cache says', async () => {
      const { store, driver, plain, ids } = await world()
      const id = ids.posts[0] as PostId
      await store.posts.get(id)
      await plain.transact((uow) => rewritePost(uow, { ...by, id, text: aPost({ text: 'Behind its back.' }).text }))

      const read = await store.transact(({ posts }) => posts.get(id))

      assert.deepEqual(read, await readersOf(driver).posts.get(id))
    })

    it('answers as the store itself would, after any changes from any side', async () => {
      const moves = fc.array(fc.tuple(fc.constantFrom(...Object.values(CHANGES)), fc.boolean(), fc.nat(1)), {
        maxLength: 8,
      })
      const property = fc.asyncProperty(moves, async (steps) => {
        const { plain, ids } = await world()
        const sides = [cachedStore(plain, cache), cachedStore(plain, cache)]
        for (const [change, isSwapped, side] of steps) {
          const chosen = isSwapped
            ? {
                ...ids,
                posts: ids.posts.toReversed(),
                comments: ids.comments.toReversed(),
                users: ids.users.toReversed(),
              }
            : ids
          await change(sides[side] as Store, chosen).catch(() => {})
          for (const store of sides) await assertSame(store, plain, ids)
        }
      })

      await fc.assert(property, { numRuns: 40 })
    })
  })
}

/** Every answer about these is, to the byte, what the store behind the cache answers; asked twice, as the second may be a copy. */
async function assertSame(
  store: Store,
  plain: Store,
  { posts, comments }: Readonly<{ posts: readonly PostId[]; comments: readonly CommentId[] }>,
): Promise<void> {
  for (let times = 0; times < 2; times++) {
    for (const id of posts) assert.equal(await told(store.posts.get(id)), await told(plain.posts.get(id)))
    for (const id of comments) assert.equal(await told(store.comments.get(id)), await told(plain.comments.get(id)))
  }
}

const told = (answer: Promise<unknown>): Promise<string> =>
  answer.then(JSON.stringify, (error: Error) => `${error.constructor.name}: ${error.message}`)

/** A reader that may not be asked. */
const silent = {
  find: async () => assert.fail('it was loaded'),
  get: async () => assert.fail('it was loaded'),
  list: async () => assert.fail('it was listed'),
  count: async () => assert.fail('it was counted'),
}

/** A cache whose server is late for once is passed by for a few seconds: then it is tried again. */
async function unlessLate(test: () => Promise<void>): Promise<void> {
  for (let triesLeft = 5; ; triesLeft--) {
    try {
      return await test()
    } catch (error) {
      if (triesLeft === 0) throw error
      await sleep(1_000)
    }
  }
}
