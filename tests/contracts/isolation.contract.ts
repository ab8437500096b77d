import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Comment } from '../../src/domains/entities/comment.ts'
import type { Post } from '../../src/domains/entities/post.ts'
import { CommentNotFound } from '../../src/domains/errors/comment-errors.ts'
import { PostNotFound } from '../../src/domains/errors/post-errors.ts'
import type { UnitOfWork } from '../../src/domains/ports/unit-of-work.ts'
import { removeComment } from '../../src/domains/usecases/comments/remove-comment.ts'
import { removePost } from '../../src/domains/usecases/posts/remove-post.ts'
import { rewritePost } from '../../src/domains/usecases/posts/rewrite-post.ts'
import { writePost } from '../../src/domains/usecases/posts/write-post.ts'
import { changeUser } from '../../src/domains/usecases/users/change-user.ts'
import { registerUser } from '../../src/domains/usecases/users/register-user.ts'
import { removeUser } from '../../src/domains/usecases/users/remove-user.ts'
import { aComment, aPost, aUser, minutesAfterNoon, noon, superAdmin } from '../fixtures.ts'
import { newCommentId, newPostId, newUserId, type World } from './world.ts'

const later = minutesAfterNoon(1)
const [{ text }, NOTHING] = [aPost({ text: 'Second thoughts.' }), new Error('nothing is to be kept')]
const change = { editor: superAdmin, remover: superAdmin, text, expected: null, at: later }

function isNothing(error: unknown): true {
  if (error !== NOTHING) throw error
  return true
}

export function describeIsolation(world: () => World): void {
  describe('what a unit of work has not finished', () => {
    it('is not seen by readers', async () => {
      const { store, keep } = world()
      const { id, ownerId, ...post } = await keep.post()
      const added = aPost({ id: newPostId(), ownerId })
      const listing = { filter: { ownerId }, sort: 'createdAt', after: null, limit: 9 } as const

      await store.transact(async (uow) => {
        await writePost(uow, { ...added, at: noon })
        await rewritePost(uow, { ...change, id })

        await assert.rejects(store.posts.get(added.id), PostNotFound)
        assert.deepEqual(await store.posts.list(listing), [{ id, ownerId, ...post }])
        assert.equal(await store.posts.count({ ownerId }), 1)
      })

      assert.equal(await store.posts.count({ ownerId }), 2)
    })

    it('is not seen by other units', async () => {
      const { store, keep } = world()
      const post = await keep.post()
      const added = aPost({ id: newPostId(), ownerId: post.ownerId })

      await store.transact(async (uow) => {
        await writePost(uow, { ...added, at: noon })
        await removePost(uow, { ...change, id: post.id })

        await store.transact(async ({ posts }) => {
          await assert.rejects(posts.get(added.id), PostNotFound)
          assert.deepEqual(await posts.get(post.id), post)
        })
      })

      await assert.rejects(store.posts.get(post.id), PostNotFound)
    })
  })

  describe('a unit of work sees', () => {
    /** Runs the work, and keeps nothing of it. */
    async function looking(work: (uow: UnitOfWork) => Promise<void>): Promise<void> {
      const attempt = world().store.transact(async (uow) => {
        await work(uow)
        throw NOTHING
      })
      await assert.rejects(attempt, isNothing)
    }

    it('what it added', async () => {
      const { someone } = world()
      const [post, user] = [aPost({ id: newPostId(), ownerId: await someone() }), aUser({ id: newUserId() })]
      const comment = aComment({ id: newCommentId(), postId: post.id, ownerId: user.id })

      await looking(async ({ posts, comments, users }) => {
        await users.add(user)
        await posts.add(post)
        await comments.add(comment)

        assert.deepEqual(await users.find(user.id), user)
        assert.deepEqual(await posts.get(post.id), post)
        assert.deepEqual(await comments.get(comment.id), comment)
      })
    })

    it('the new version of what it saved', async () => {
      const { keep } = world()
      const user = await keep.user()
      const post = await keep.post({ ownerId: user.id })

      await looking(async (uow) => {
        const rewritten = await rewritePost(uow, { ...change, id: post.id })
        const changed = await changeUser(uow, { id: user.id, change: { fullName: 'New' }, at: later })

        assert.deepEqual(await uow.posts.get(post.id), rewritten)
        assert.deepEqual(await uow.users.find(user.id), changed)
      })
    })

    it('no more of what it removed', async () => {
      const { keep } = world()
      const comment = await keep.comment()

      await looking(async (uow) => {
        await removeComment(uow, { ...change, id: comment.id })
        await assert.rejects(uow.comments.get(comment.id), CommentNotFound)

        await removePost(uow, { ...change, id: comment.postId })
        await assert.rejects(uow.posts.get(comment.postId), PostNotFound)
      })
    })

    it('no more of what it removed after it had added it', async () => {
      const { someone } = world()
      const post = aPost({ id: newPostId(), ownerId: await someone() })

      await looking(async (uow) => {
        await writePost(uow, { ...post, at: noon })
        await removePost(uow, { ...change, id: post.id })

        await assert.rejects(uow.posts.get(post.id), PostNotFound)
      })
    })

    it('itself registering a user once', async () => {
      const user = aUser({ id: newUserId() })

      await looking(async (uow) => {
        await registerUser(uow, { id: user.id, profile: user, at: noon })

        assert.deepEqual(await registerUser(uow, { id: user.id, profile: user, at: later }), user)
      })
    })
  })

  describe('a unit of work that removed a set sees', () => {
    async function twoPosts(): Promise<{ mine: Post; other: Post; onMine: Comment; byMe: Comment; neither: Comment }> {
      const { keep } = world()
      const [mine, other] = [await keep.post(), await keep.post()]
      const onMine = await keep.comment({ postId: mine.id, ownerId: other.ownerId })
      const byMe = await keep.comment({ postId: other.id, ownerId: mine.ownerId })
      return { mine, other, onMine, byMe, neither: await keep.comment({ postId: other.id, ownerId: other.ownerId }) }
    }

    it('no comments on the post any more, and all others', async () => {
      const { mine, onMine, byMe, neither } = await twoPosts()

      await world().store.transact(async (uow) => {
        const { comments } = uow
        await removePost(uow, { id: mine.id, remover: superAdmin, expected: null, at: later })

        await assert.rejects(comments.get(onMine.id), CommentNotFound)
        assert.deepEqual(await comments.get(byMe.id), byMe)
        assert.deepEqual(await comments.get(neither.id), neither)
      })
    })

    it('nothing of a removed user any more, and everything of others', async () => {
      const { mine, other, onMine, byMe, neither } = await twoPosts()

      await world().store.transact(async (uow) => {
        await removeUser(uow, { id: mine.ownerId, at: later })

        await assert.rejects(uow.posts.get(mine.id), PostNotFound)
        await assert.rejects(uow.comments.get(onMine.id), CommentNotFound)
        await assert.rejects(uow.comments.get(byMe.id), CommentNotFound)
        assert.deepEqual(await uow.posts.get(other.id), other)
        assert.deepEqual(await uow.comments.get(neither.id), neither)
      })
    })

    it('no comments any more on posts that it has just added either', async () => {
      const { other } = await twoPosts()
      const post = aPost({ id: newPostId(), ownerId: await world().someone() })
      const comment = aComment({ id: newCommentId(), postId: post.id, ownerId: other.ownerId })

      const attempt = world().store.transact(async (uow) => {
        const { posts, comments } = uow
        await posts.add(post)
        await comments.add(comment)
        await removeUser(uow, { id: post.ownerId, at: later })
        await assert.rejects(comments.get(comment.id), CommentNotFound)
        throw NOTHING
      })

      await assert.rejects(attempt, isNothing)
    })

    it('what it added afterwards', async () => {
      const { mine, other } = await twoPosts()
      const late = aComment({ id: newCommentId(), postId: mine.id, ownerId: other.ownerId })

      await assert.rejects(
        world().store.transact(async (uow) => {
          const { comments } = uow
          await removePost(uow, { id: mine.id, remover: superAdmin, expected: null, at: later })
          await comments.add(late)
          assert.deepEqual(await comments.get(late.id), late)
          throw NOTHING
        }),
        isNothing,
      )
    })
  })
}
