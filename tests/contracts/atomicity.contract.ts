import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Conflict } from '../../src/domains/errors/change-errors.ts'
import { CommentNotFound } from '../../src/domains/errors/comment-errors.ts'
import { PostNotFound } from '../../src/domains/errors/post-errors.ts'
import { writeComment } from '../../src/domains/usecases/comments/write-comment.ts'
import { rewritePost } from '../../src/domains/usecases/posts/rewrite-post.ts'
import { writePost } from '../../src/domains/usecases/posts/write-post.ts'
import { aComment, aPost, minutesAfterNoon, noon, superAdmin } from '../fixtures.ts'
import { eventOf } from '../kit/forum-store.ts'
import { adding, removing, saving } from './changes.ts'
import { inFixedOrder, newCommentId, newPostId, type World } from './world.ts'

const later = minutesAfterNoon(1)

export function describeAtomicity(world: () => World): void {
  describe('a unit of work, as a whole,', () => {
    it('is kept with its announcements when the work returns', async () => {
      const { store, someone, announced } = world()
      const post = aPost({ id: newPostId(), ownerId: await someone() })
      const comment = aComment({ id: newCommentId(), postId: post.id, ownerId: await someone() })

      const result = await store.transact(async (uow) => {
        await writePost(uow, { ...post, at: noon })
        await writeComment(uow, { ...comment, at: noon })
        return 'done'
      })

      const events = [eventOf('post.written', post), eventOf('comment.written', comment)]
      assert.equal(result, 'done')
      assert.deepEqual(await store.posts.get(post.id), post)
      assert.deepEqual(await store.comments.get(comment.id), comment)
      assert.deepEqual(await announced(post.id, comment.id), inFixedOrder(events, [post.id, comment.id]))
    })

    it('is gone when the work throws, and what it threw comes out as it is', async () => {
      const { store, keep, announced } = world()
      const kept = await keep.post()
      const added = aPost({ id: newPostId(), ownerId: kept.ownerId })
      const change = { id: kept.id, editor: superAdmin, text: added.text, expected: null, at: later }
      const failure = new Error('no more')

      const attempt = store.transact(async (uow) => {
        await writePost(uow, { ...added, at: noon })
        await rewritePost(uow, change)
        throw failure
      })

      await assert.rejects(attempt, (error) => error === failure)
      await assert.rejects(store.posts.get(added.id), PostNotFound)
      assert.deepEqual(await store.posts.get(kept.id), kept)
      assert.deepEqual(await announced(added.id), [])
      assert.equal((await announced(kept.id)).length, 1)
    })

    it('may change nothing at all', async () => {
      const { store, keep } = world()
      const post = await keep.post()

      assert.deepEqual(await store.transact(({ posts }) => posts.get(post.id)), post)
    })

    it('may change the same thing several times, each change announced', async () => {
      const { store, someone, announced } = world()
      const post = aPost({ id: newPostId(), ownerId: await someone() })
      const change = { id: post.id, editor: superAdmin, expected: null, at: later }

      await store.transact(async (uow) => {
        await writePost(uow, { ...post, at: noon })
        await rewritePost(uow, { ...change, text: aPost({ text: 'Two.' }).text })
        await rewritePost(uow, { ...change, text: aPost({ text: 'Three.' }).text })
      })

      assert.deepEqual(await store.posts.get(post.id), { ...post, text: 'Three.', version: 3, updatedAt: later })
      assert.deepEqual(
        (await announced(post.id)).map(({ data }) => (data as { text: string }).text),
        ['Hello.', 'Two.', 'Three.'],
      )
    })
  })

  describe('changes that are kept together', () => {
    for (const [position, place] of Object.entries({ first: 0, 'in the middle': 1, last: 2 })) {
      it(`are all lost when the one that comes ${position} is refused`, async () => {
        const { driver, store, keep, announced } = world()
        const kept = await keep.comment()
        const added = aPost({ id: newPostId(), ownerId: kept.ownerId })
        const orphan = aComment({ id: newCommentId(), ownerId: kept.ownerId, postId: newPostId() })
        const changes = [adding.post(added), saving.comment({ ...kept, version: 2, updatedAt: later })]

        const attempt = driver.commit(changes.toSpliced(place, 0, adding.comment(orphan)))

        await assert.rejects(attempt, PostNotFound)
        await assert.rejects(store.posts.get(added.id), PostNotFound)
        await assert.rejects(store.comments.get(orphan.id), CommentNotFound)
        assert.deepEqual(await store.comments.get(kept.id), kept)
        assert.equal((await announced(added.id, orphan.id, kept.id)).length, 1)
      })
    }

    it('are all lost with a set of removed things when a later one is refused', async () => {
      const { driver, store, keep, announced } = world()
      const comment = await keep.comment()
      const post = await store.posts.get(comment.postId)

      const attempt = driver.commit([
        removing.post({ ...post, version: 2, updatedAt: later }),
        saving.post({ ...post, version: 7, updatedAt: later }),
      ])

      await assert.rejects(attempt, Conflict)
      assert.deepEqual(await store.comments.get(comment.id), comment)
      assert.equal((await announced(comment.id)).length, 1)
    })

    it('leave the store usable when they are refused, again and again', async () => {
      const { driver, store, keep } = world()
      const post = await keep.post()
      const refused = [adding.post(aPost({ id: newPostId(), ownerId: post.ownerId })), adding.post(post)]

      for (let round = 0; round < 30; round++) await assert.rejects(driver.commit(refused), Conflict)

      assert.deepEqual(await store.posts.get(post.id), post)
      assert.equal((await keep.post()).version, 1)
    })
  })

  describe('a change and its announcement', () => {
    it('do not part: a change that is not announced is refused', async () => {
      const { store, keep, announced } = world()
      const { id, ...post } = await keep.post()
      const next = { ...post, version: 2, updatedAt: later }
      const added = aPost({ id: newPostId(), ownerId: post.ownerId })

      await assert.rejects(store.transact(({ posts }) => posts.add(added)))
      await assert.rejects(store.transact(({ posts }) => posts.save({ id, ...next })))
      await assert.rejects(store.transact(({ posts }) => posts.remove({ id, ...next })))

      await assert.rejects(store.posts.get(added.id), PostNotFound)
      assert.deepEqual(await store.posts.get(id), { id, ...post })
      assert.equal((await announced(id, added.id)).length, 1)
    })

    it('do not part: an announcement of something that was not changed is refused', async () => {
      const { store, keep, announced } = world()
      const post = await keep.post()
      const next = { ...post, version: 2, updatedAt: later }

      await assert.rejects(store.transact(({ outbox }) => outbox.add(eventOf('post.rewritten', next))))

      assert.equal((await announced(post.id)).length, 1)
    })

    it('belong to the same version', async () => {
      const { store, keep, announced } = world()
      const post = await keep.post()

      const attempt = store.transact(async ({ posts, outbox }) => {
        await posts.save({ ...post, version: 2, updatedAt: later })
        await outbox.add(eventOf('post.rewritten', post))
      })

      await assert.rejects(attempt)
      assert.deepEqual(await store.posts.get(post.id), post)
      assert.equal((await announced(post.id)).length, 1)
    })

    it('are one each: a second announcement is refused', async () => {
      const { store, keep, announced } = world()
      const post = await keep.post()
      const next = { ...post, version: 2, updatedAt: later }

      const attempt = store.transact(async ({ posts, outbox }) => {
        await posts.save(next)
        await outbox.add(eventOf('post.rewritten', next))
        await outbox.add(eventOf('post.rewritten', next))
      })

      await assert.rejects(attempt)
      assert.deepEqual(await store.posts.get(post.id), post)
      assert.equal((await announced(post.id)).length, 1)
    })
  })
}
