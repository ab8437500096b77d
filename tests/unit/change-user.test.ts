import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { AccountDisabled } from '../../src/domains/errors/access-errors.ts'
import { UserNotFound } from '../../src/domains/errors/user-errors.ts'
import { alice, aUser, minutesAfterNoon, postDraft, publicly, setUp, stranger } from '../fixtures.ts'

const later = minutesAfterNoon(5)

describe('changing a user', () => {
  it('takes over the new profile, in the next version', async () => {
    const { userService, store, clock } = setUp()
    clock.time = later

    const user = await userService.change({ id: alice.userId, change: { fullName: 'Alice Liddell' } })

    assert.deepEqual(user, aUser({ fullName: 'Alice Liddell', version: 2, updatedAt: later }))
    assert.deepEqual(await store.users.find(alice.userId), user)
  })

  it('adds one event', async () => {
    const { userService, storedEvents, clock } = setUp()
    clock.time = later

    const data = publicly(await userService.change({ id: alice.userId, change: { email: null } }))

    assert.deepEqual(storedEvents(), [{ type: 'user.changed', subject: alice.userId, version: 2, time: later, data }])
  })

  it('shuts a deactivated user out, and lets an activated one in again', async () => {
    const { userService, postService } = setUp()

    await userService.change({ id: alice.userId, change: { isActive: false } })
    await assert.rejects(postService.write({ author: alice, ...postDraft('Hello?') }), AccountDisabled)
    await userService.change({ id: alice.userId, change: { isActive: true } })

    assert.equal((await postService.write({ author: alice, ...postDraft('Hello!') })).result.version, 1)
  })

  it('needs a user who was seen', async () => {
    const { userService, recordedEvents } = setUp()

    await assert.rejects(userService.change({ id: stranger.userId, change: { isActive: false } }), UserNotFound)

    assert.deepEqual(recordedEvents(), [])
  })

  it('never brings a removed user back', async () => {
    const { userService, store } = setUp()
    await userService.remove({ id: alice.userId })
    const tombstone = await store.users.find(alice.userId)

    await assert.rejects(
      userService.change({ id: alice.userId, change: { ...alice.profile, isActive: true } }),
      UserNotFound,
    )

    assert.deepEqual(await store.users.find(alice.userId), tombstone)
  })
})
