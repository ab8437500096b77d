import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Conflict, StaleVersion } from '../../src/domains/errors/change-errors.ts'
import { PostNotFound } from '../../src/domains/errors/post-errors.ts'
import { rewritePost } from '../../src/domains/usecases/posts/rewrite-post.ts'
import { aPost, minutesAfterNoon, superAdmin } from '../fixtures.ts'
import { adding, removing, saving } from './changes.ts'
import type { World } from './world.ts'

const later = minutesAfterNoon(1)
const version = (n: number) => ({ version: n, updatedAt: later })

export function describeConflicts(world: () => World): void {
  describe('a change is a conflict', () => {
    it('when what it follows has been changed', async () => {
      const { driver, store, keep, announced } = world()
      const comment = await keep.comment()
      const post = await store.posts.get(comment.postId)
      const user = await keep.user()
      const winners = [
        { ...post, ...version(2) },
        { ...comment, ...version(2) },
        { ...user, ...version(2) },
      ] as const
      await driver.commit([saving.post(winners[0]), saving.comment(winners[1]), saving.user(winners[2])])

      await assert.rejects(driver.commit([saving.post({ ...post, ...version(2) })]), Conflict)
      await assert.rejects(driver.commit([saving.comment({ ...comment, ...version(2) })]), Conflict)
      await assert.rejects(driver.commit([saving.user({ ...user, ...version(2) })]), Conflict)
      await assert.rejects(driver.commit([removing.comment({ ...comment, ...version(2) })]), Conflict)
      await assert.rejects(driver.commit([removing.post({ ...post, ...version(2) })]), Conflict)

      assert.deepEqual(await store.posts.get(post.id), winners[0])
      assert.deepEqual(await store.users.find(user.id), winners[2])
      assert.equal((await announced(post.id, user.id)).length, 4)
    })

    it('when what it follows has been removed', async () => {
      const { driver, store, keep, announced } = world()
      const comment = await keep.comment()
      const post = await store.posts.get(comment.postId)
      await driver.commit([removing.comment({ ...comment, ...version(2) }), removing.post({ ...post, ...version(2) })])

      await assert.rejects(driver.commit([saving.post({ ...post, ...version(2) })]), Conflict)
      await assert.rejects(driver.commit([saving.post({ ...post, ...version(3) })]), Conflict)
      await assert.rejects(driver.commit([removing.post({ ...post, ...version(2) })]), Conflict)
      await assert.rejects(driver.commit([saving.comment({ ...comment, ...version(2) })]), Conflict)
      await assert.rejects(driver.commit([removing.comment({ ...comment, ...version(3) })]), Conflict)

      await assert.rejects(store.posts.get(post.id), PostNotFound)
      assert.equal((await announced(post.id, comment.id)).length, 4)
    })

    it('when it skips a version', async () => {
      const { driver, store, keep } = world()
      const post = await keep.post()

      await assert.rejects(driver.commit([saving.post({ ...post, ...version(3) })]), Conflict)
      await assert.rejects(driver.commit([removing.post({ ...post, ...version(3) })]), Conflict)

      assert.deepEqual(await store.posts.get(post.id), post)
    })

    it('when it adds under an id that is taken', async () => {
      const { driver, store, keep, announced } = world()
      const comment = await keep.comment()
      const post = await store.posts.get(comment.postId)
      const user = await keep.user()

      await assert.rejects(driver.commit([adding.post({ ...post, ownerId: comment.ownerId })]), Conflict)
      await assert.rejects(driver.commit([adding.comment(comment)]), Conflict)
      await assert.rejects(driver.commit([adding.user({ ...user, username: 'other' })]), Conflict)

      assert.deepEqual(await store.posts.get(post.id), post)
      assert.deepEqual(await store.users.find(user.id), user)
      assert.equal((await announced(post.id, comment.id, user.id)).length, 3)
    })
  })

  describe('of many callers who expect the same version', () => {
    const callers = 8

    it('exactly one wins, and the others hear that theirs is stale', async () => {
      const { store, keep, announced } = world()
      const post = await keep.post()
      const attempts = Array.from({ length: callers }, (_, n) => {
        const { text } = aPost({ text: `Caller ${n}.` })
        const change = { id: post.id, editor: superAdmin, text, expected: new Set([1]), at: later }
        return store.transact((uow) => rewritePost(uow, change))
      })

      const outcomes = await Promise.allSettled(attempts)

      const won = outcomes.filter((outcome) => outcome.status === 'fulfilled')
      const lost = outcomes.filter((outcome) => outcome.status === 'rejected')
      assert.deepEqual([won.length, lost.length], [1, callers - 1])
      assert.ok(lost.every(({ reason }) => reason instanceof StaleVersion))
      assert.deepEqual(await store.posts.get(post.id), won[0]?.value)
      assert.deepEqual(
        (await announced(post.id)).map((event) => event.version),
        [1, 2],
      )
    })

    it('none loses an update when all try again until they win', async () => {
      const { store, keep } = world()
      const { id } = await keep.post({ text: '0' })

      async function increment(): Promise<void> {
        const { text, version } = await store.posts.get(id)
        const next = aPost({ text: String(Number(text) + 1) })
        const change = { id, editor: superAdmin, text: next.text, expected: new Set([version]), at: later }
        try {
          await store.transact((uow) => rewritePost(uow, change))
        } catch (error) {
          if (!(error instanceof StaleVersion)) throw error
          await increment()
        }
      }
      await Promise.all(Array.from({ length: callers }, increment))

      const post = await store.posts.get(id)
      assert.deepEqual([post.text, post.version], [String(callers), callers + 1])
    })
  })
}
