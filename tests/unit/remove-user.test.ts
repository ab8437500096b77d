import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { AccountDisabled } from '../../src/domains/errors/access-errors.ts'
import { UserNotFound } from '../../src/domains/errors/user-errors.ts'
import { alice, aPost, bob, minutesAfterNoon, p1, p2, postDraft, setUp, stranger } from '../fixtures.ts'

const later = minutesAfterNoon(5)

const given = {
  posts: [aPost(), aPost({ id: p2, ownerId: bob.userId })],
}

describe('removing a user', () => {
  it('takes the posts of the user; nothing else', async () => {
    const { userService, state } = setUp(given)

    await userService.remove({ id: alice.userId })

    assert.deepEqual([...state.post.keys()], [p2])
  })

  it('leaves a tombstone without a profile', async () => {
    const { userService, store, clock } = setUp(given)
    clock.time = later

    await userService.remove({ id: alice.userId })

    assert.deepEqual(await store.users.find(alice.userId), {
      ...{ id: alice.userId, username: '', fullName: null, email: null, isActive: false, version: 2 },
      ...{ subject: null, identityRecord: null },
      ...{ createdAt: given.posts[0]?.createdAt, updatedAt: later, removedAt: later },
    })
  })

  it('adds one event for each removal', async () => {
    const { userService, state } = setUp(given)

    await userService.remove({ id: alice.userId })

    assert.deepEqual(
      state.outbox.map(({ type, subject, version }) => [type, subject, version]),
      [
        ['user.removed', alice.userId, 2],
        ['post.removed', p1, 2],
      ],
    )
  })

  it('is for good: the user is shut out, and not registered again', async () => {
    const { userService, postService, recordedEvents } = setUp()

    await userService.remove({ id: alice.userId })

    await assert.rejects(userService.me(alice), AccountDisabled)
    await assert.rejects(postService.write({ author: alice, ...postDraft('I am back.') }), AccountDisabled)
    assert.deepEqual(recordedEvents(), ['user.removed 2'])
  })

  it('happens once, and to those who were seen', async () => {
    const { userService, recordedEvents } = setUp()

    await userService.remove({ id: alice.userId })

    await assert.rejects(userService.remove({ id: alice.userId }), UserNotFound)
    await assert.rejects(userService.remove({ id: stranger.userId }), UserNotFound)
    assert.deepEqual(recordedEvents(), ['user.removed 2'])
  })
})
