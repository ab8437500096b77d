import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type User, User as Users } from '../../src/domains/entities/user.ts'
import { AccountDisabled } from '../../src/domains/errors/access-errors.ts'
import { PostNotFound } from '../../src/domains/errors/post-errors.ts'
import { writeComment } from '../../src/domains/usecases/comments/write-comment.ts'
import { removePost } from '../../src/domains/usecases/posts/remove-post.ts'
import { aComment, aPost, minutesAfterNoon, superAdmin } from '../fixtures.ts'
import { adding, saving } from './changes.ts'
import { newCommentId, newPostId, newUserId, type World } from './world.ts'

const later = minutesAfterNoon(1)

export function describeOrphans(world: () => World): void {
  describe('nothing is kept', () => {
    it('on a post that is not there', async () => {
      const { driver, someone, announced } = world()
      const comment = aComment({ id: newCommentId(), postId: newPostId(), ownerId: await someone() })

      await assert.rejects(driver.commit([adding.comment(comment)]), PostNotFound)

      assert.deepEqual(await announced(comment.id), [])
    })

    it('on a post that the same unit has removed', async () => {
      const { store, keep, announced } = world()
      const post = await keep.post()
      const comment = aComment({ id: newCommentId(), postId: post.id, ownerId: post.ownerId })

      const attempt = store.transact(async (uow) => {
        await removePost(uow, { id: post.id, remover: superAdmin, expected: null, at: later })
        await writeComment(uow, { ...comment, at: later })
      })

      await assert.rejects(attempt, PostNotFound)
      assert.deepEqual(await store.posts.get(post.id), post)
      assert.deepEqual(await announced(comment.id), [])
    })

    for (const [owner, next] of Object.entries({
      'that was never seen': null,
      'that is deactivated': (user: User) => Users.change(user, { isActive: false }, later),
      'that was removed': (user: User) => Users.remove(user, later),
    })) {
      it(`for a user ${owner}`, async () => {
        const { driver, keep, announced } = world()
        const user = await keep.user()
        const ownerId = next === null ? newUserId() : user.id
        const post = aPost({ id: newPostId(), ownerId })
        const comment = aComment({ id: newCommentId(), postId: (await keep.post()).id, ownerId })
        if (next !== null) await driver.commit([saving.user(next(user))])

        await assert.rejects(driver.commit([adding.post(post)]), AccountDisabled)
        await assert.rejects(driver.commit([adding.comment(comment)]), AccountDisabled)

        assert.deepEqual(await announced(post.id, comment.id), [])
      })
    }

    it('against a user who was activated again', async () => {
      const { driver, keep } = world()
      const user = await keep.user()
      await driver.commit([saving.user(Users.change(user, { isActive: false }, later))])

      await driver.commit([saving.user({ ...user, version: 3 })])

      assert.equal((await keep.post({ ownerId: user.id })).ownerId, user.id)
    })
  })
}
