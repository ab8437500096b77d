import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { CommentId } from '../../src/domains/entities/comment.ts'
import type { PostId } from '../../src/domains/entities/post.ts'
import type { UserId } from '../../src/domains/entities/user.ts'
import { AccountDisabled } from '../../src/domains/errors/access-errors.ts'
import { CommentNotFound } from '../../src/domains/errors/comment-errors.ts'
import { PostNotFound } from '../../src/domains/errors/post-errors.ts'
import type { Store } from '../../src/domains/ports/store.ts'
import { writeComment } from '../../src/domains/usecases/comments/write-comment.ts'
import { removePost } from '../../src/domains/usecases/posts/remove-post.ts'
import { rewritePost } from '../../src/domains/usecases/posts/rewrite-post.ts'
import { writePost } from '../../src/domains/usecases/posts/write-post.ts'
import { removeUser } from '../../src/domains/usecases/users/remove-user.ts'
import { aComment, aPost, aUser, minutesAfterNoon, noon, superAdmin } from '../fixtures.ts'
import { createStore } from '../kit/forum-store.ts'
import { adding } from './changes.ts'
import type { Features } from './opened.ts'
import { newCommentId, newPostId, newUserId, type World } from './world.ts'

/** Connections that share an engine race in earnest; within one process there is little to hope for. */
const ROUNDS = { shared: 100, alone: 20 }
const later = minutesAfterNoon(1)

/** Two that run at once; what the first is told, if it fails, must be `harmless`. The second must succeed. */
type Race = Readonly<{
  writing: (store: Store) => Promise<unknown>
  removing: (store: Store) => Promise<unknown>
  harmless: abstract new (...args: never[]) => Error
}>

export function describeRaces(world: () => World, { isShared }: Pick<Features, 'isShared'>): void {
  const rounds = isShared ? ROUNDS.shared : ROUNDS.alone

  describe(`in ${rounds} races${isShared ? ' of two connections' : ''} no orphan is left`, () => {
    let sides: readonly [Store, Store]

    before(async () => {
      const { opened, store } = world()
      assert.equal(opened.second !== undefined, isShared)
      sides = [store, opened.second === undefined ? store : createStore(await opened.second())]
    })

    async function run(prepare: () => Promise<Race>): Promise<void> {
      for (let round = 0; round < rounds; round++) {
        const { writing, removing, harmless } = await prepare()
        const [here, there] = round % 2 === 0 ? sides : sides.toReversed()
        const wrote = writing(here as Store).catch((error) => {
          if (!(error instanceof harmless)) throw error
        })
        await Promise.all([wrote, removing(there as Store)])
      }
    }

    /** Asserts that what is told about each of these is, in order, one of `stories`. */
    async function assertTold(subjects: readonly string[], ...stories: readonly string[]): Promise<void> {
      const told = new Map(subjects.map((subject) => [subject, [] as string[]]))
      for (const { subject, type } of await world().announced(...subjects)) told.get(subject)?.push(type)
      const others = [...told.values()].map(String).filter((story) => !stories.includes(story))
      assert.deepEqual(others, [])
    }

    it('when posts are removed while others comment on them', async () => {
      const { store, someone } = world()
      const [ownerId, author] = [await someone(), await someone()]
      const comments: string[] = []

      await run(async () => {
        const post = aPost({ id: newPostId(), ownerId })
        const comment = aComment({ id: newCommentId(), postId: post.id, ownerId: author })
        comments.push(comment.id)
        await store.transact((uow) => writePost(uow, { ...post, at: noon }))
        return {
          writing: (side) => side.transact((uow) => writeComment(uow, { ...comment, at: noon })),
          removing: (side) => side.transact((uow) => removePost(uow, { ...removal, id: post.id })),
          harmless: PostNotFound,
        }
      })

      assert.equal(await store.posts.count({ ownerId }), 0)
      assert.equal(await store.comments.count({ ownerId: author }), 0)
      await assertTold(comments, '', 'comment.written,comment.removed')
    })

    it('when posts are removed while they are rewritten', async () => {
      const { store, someone } = world()
      const ownerId = await someone()
      const posts: string[] = []

      await run(async () => {
        const post = aPost({ id: newPostId(), ownerId })
        posts.push(post.id)
        await store.transact((uow) => writePost(uow, { ...post, at: noon }))
        return {
          writing: (side) => side.transact((uow) => rewritePost(uow, { ...removal, ...post, at: later })),
          removing: (side) => side.transact((uow) => removePost(uow, { ...removal, id: post.id })),
          harmless: PostNotFound,
        }
      })

      assert.equal(await store.posts.count({ ownerId }), 0)
      await assertTold(posts, 'post.written,post.removed', 'post.written,post.rewritten,post.removed')
    })

    it('when users are removed while they write posts', async () => {
      const { store, someone } = world()
      const posts: string[] = []

      await run(async () => {
        const post = aPost({ id: newPostId(), ownerId: await someone() })
        posts.push(post.id)
        return {
          writing: (side) => side.transact((uow) => writePost(uow, { ...post, at: noon })),
          removing: (side) => side.transact((uow) => removeUser(uow, { id: post.ownerId, at: later })),
          harmless: AccountDisabled,
        }
      })

      for (const id of posts) await assert.rejects(store.posts.get(id as PostId), PostNotFound)
      await assertTold(posts, '', 'post.written,post.removed')
    })

    it('when users are removed while they comment on the posts of others', async () => {
      const { store, keep, someone } = world()
      const post = await keep.post()
      const comments: string[] = []

      await run(async () => {
        const comment = aComment({ id: newCommentId(), postId: post.id, ownerId: await someone() })
        comments.push(comment.id)
        return {
          writing: (side) => side.transact((uow) => writeComment(uow, { ...comment, at: noon })),
          removing: (side) => side.transact((uow) => removeUser(uow, { id: comment.ownerId, at: later })),
          harmless: AccountDisabled,
        }
      })

      assert.equal(await store.comments.count({ postId: post.id }), 0)
      await assertTold(comments, '', 'comment.written,comment.removed')
    })

    it('when users are removed while others comment on their posts', async () => {
      const { store, keep, someone } = world()
      const author = await someone()
      const comments: string[] = []

      await run(async () => {
        const post = await keep.post()
        const comment = aComment({ id: newCommentId(), postId: post.id, ownerId: author })
        comments.push(comment.id)
        return {
          writing: (side) => side.transact((uow) => writeComment(uow, { ...comment, at: noon })),
          removing: (side) => side.transact((uow) => removeUser(uow, { id: post.ownerId, at: later })),
          harmless: PostNotFound,
        }
      })

      assert.equal(await store.comments.count({ ownerId: author }), 0)
      await assertTold(comments, '', 'comment.written,comment.removed')
    })

    it('when users who wrote on each other’s posts are removed at once', async () => {
      const { driver, store } = world()
      const comments: string[] = []

      await run(async () => {
        const [one, other] = [aUser({ id: newUserId() }), aUser({ id: newUserId() })]
        const posts = [one, other].map(({ id: ownerId }) => aPost({ id: newPostId(), ownerId }))
        const crossed = posts.flatMap(({ id: postId }) =>
          [one, other].map(({ id: ownerId }) => aComment({ id: newCommentId(), postId, ownerId })),
        )
        comments.push(...crossed.map(({ id }) => id))
        await driver.commit([
          ...[one, other].map(adding.user),
          ...posts.map(adding.post),
          ...crossed.map(adding.comment),
        ])
        const removing = (id: UserId) => (side: Store) => side.transact((uow) => removeUser(uow, { id, at: later }))
        return { writing: removing(one.id), removing: removing(other.id), harmless: NoError }
      })

      for (const id of comments) await assert.rejects(store.comments.get(id as CommentId), CommentNotFound)
      await assertTold(comments, 'comment.written,comment.removed')
    })
  })
}

const removal = { editor: superAdmin, remover: superAdmin, expected: null, at: later }

abstract class NoError extends Error {}
