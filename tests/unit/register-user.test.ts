import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { registerUser } from '../../src/domains/usecases/users/register-user.ts'
import { alice, minutesAfterNoon, noon, publicly, setUp, stranger, userOf } from '../fixtures.ts'

const later = minutesAfterNoon(5)
const command = { id: stranger.userId, profile: stranger.profile, at: noon }

describe('registering a user', () => {
  it('stores a person who was never seen, with an event', async () => {
    const { store, storedEvents } = setUp()

    const user = await store.transact((uow) => registerUser(uow, command))

    const data = publicly(user)
    assert.deepEqual(user, userOf(stranger))
    assert.deepEqual(await store.users.find(stranger.userId), user)
    assert.deepEqual(storedEvents(), [
      { type: 'user.registered', subject: stranger.userId, version: 1, time: noon, data },
    ])
  })

  it('leaves a known user as is', async () => {
    const { store, recordedEvents } = setUp()
    const again = { id: alice.userId, profile: stranger.profile, at: later }

    assert.deepEqual(await store.transact((uow) => registerUser(uow, again)), userOf(alice))
    assert.deepEqual(recordedEvents(), [])
  })

  it('leaves a removed user removed', async () => {
    const { store, userService, recordedEvents } = setUp()
    await userService.remove({ id: alice.userId })
    const tombstone = await store.users.find(alice.userId)
    const again = { id: alice.userId, profile: alice.profile, at: later }

    assert.deepEqual(await store.transact((uow) => registerUser(uow, again)), tombstone)
    assert.deepEqual(recordedEvents(), ['user.removed 2'])
  })
})
