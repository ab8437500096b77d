import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import type { UnitOfWork } from '../../src/domains/ports/unit-of-work.ts'
import { aComment, aNotification, aPost, aUser, c1, p1 } from '../fixtures.ts'
import { eventOf } from '../kit/forum-store.ts'
import { newCommentId, newPostId, newUserId, type World } from './world.ts'

const post = aPost({ id: newPostId() })
const comment = aComment({ id: newCommentId(), postId: post.id })
const user = aUser({ id: newUserId() })
const notification = aNotification({ ownerId: user.id })
const message = { consumer: 'tests', id: 'e1', subject: post.id, version: 1, digest: 'd' }

/** All that a unit of work can do: does not compile while something is missing. */
type Method = { [Part in keyof UnitOfWork]: `${Part}.${keyof UnitOfWork[Part] & string}` }[keyof UnitOfWork]

const EVERYTHING: Record<Method, (uow: UnitOfWork) => Promise<unknown>> = {
  'users.get': ({ users }) => users.get(user.id),
  'users.find': ({ users }) => users.find(user.id),
  'users.add': ({ users }) => users.add(user),
  'users.save': ({ users }) => users.save(user),
  'users.remove': ({ users }) => users.remove(user),
  'posts.get': ({ posts }) => posts.get(p1),
  'posts.find': ({ posts }) => posts.find(p1),
  'posts.add': ({ posts }) => posts.add(post),
  'posts.save': ({ posts }) => posts.save(post),
  'posts.remove': ({ posts }) => posts.remove(post),
  'comments.get': ({ comments }) => comments.get(c1),
  'comments.find': ({ comments }) => comments.find(c1),
  'comments.add': ({ comments }) => comments.add(comment),
  'comments.save': ({ comments }) => comments.save(comment),
  'comments.remove': ({ comments }) => comments.remove(comment),
  'notifications.get': ({ notifications }) => notifications.get(notification.id),
  'notifications.find': ({ notifications }) => notifications.find(notification.id),
  'notifications.add': ({ notifications }) => notifications.add(notification),
  'notifications.save': ({ notifications }) => notifications.save(notification),
  'notifications.remove': ({ notifications }) => notifications.remove(notification),
  'inbox.take': ({ inbox }) => inbox.take(message),
  'answers.keep': ({ answers }) => answers.keep({ userId: user.id, key: 'key', token: randomUUID() }, post),
  'outbox.add': ({ outbox }) => outbox.add(eventOf('post.written', post)),
}

const over = /is over/

export function describeLifetime(world: () => World): void {
  describe('a unit of work is over', () => {
    async function leaked(): Promise<UnitOfWork> {
      return world().store.transact(async (uow) => uow)
    }

    async function leakedByFailure(): Promise<UnitOfWork> {
      let kept: UnitOfWork | undefined
      const attempt = world().store.transact(async (uow) => {
        kept = uow
        throw new Error('over')
      })
      await assert.rejects(attempt)
      return kept as UnitOfWork
    }

    for (const [method, call] of Object.entries(EVERYTHING)) {
      it(`once the work has returned: ${method} refuses`, async () => {
        const uow = await leaked()

        await assert.rejects(call(uow), over)
      })

      it(`once the work has thrown: ${method} refuses`, async () => {
        const uow = await leakedByFailure()

        await assert.rejects(call(uow), over)
      })
    }

    it('for what the work did not wait for', async () => {
      const { store, someone, announced } = world()
      const late = aPost({ id: newPostId(), ownerId: await someone() })
      const { promise: finished, resolve: finish } = Promise.withResolvers<void>()

      const forgotten = await store.transact(async ({ posts }) => [finished.then(() => posts.add(late))] as const)
      finish()

      await assert.rejects(forgotten[0], over)
      assert.deepEqual(await announced(late.id), [])
    })
  })
}
