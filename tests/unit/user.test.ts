import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { User } from '../../src/domains/entities/user.ts'
import { AccountDisabled } from '../../src/domains/errors/access-errors.ts'
import { alice, aUser, minutesAfterNoon, noon } from '../fixtures.ts'

const later = minutesAfterNoon(1)

describe('a user', () => {
  it('starts active, at version 1, with the profile of the identity provider', () => {
    const user = User.register(alice.userId, alice.profile, noon)

    assert.deepEqual(user, {
      id: alice.userId,
      subject: null,
      username: 'alice',
      fullName: 'Alice',
      email: 'alice@example.org',
      isActive: true,
      identityRecord: null,
      version: 1,
      createdAt: noon,
      updatedAt: noon,
      removedAt: null,
    })
  })

  it('takes nothing but the profile from the identity provider', () => {
    const profile = { ...alice.profile, isActive: false, version: 9, password: 'secret' }

    assert.deepEqual(User.register(alice.userId, profile, noon), aUser())
  })

  it('keeps what a change leaves out, and gets the next version', () => {
    const user = User.change(aUser({ version: 4 }), { fullName: null }, later)

    assert.deepEqual(user, aUser({ fullName: null, version: 5, updatedAt: later }))
  })

  it('leaves a tombstone without a profile when removed', () => {
    const user = User.remove(aUser(), later)

    const nobody = { username: '', fullName: null, email: null, isActive: false }
    assert.deepEqual(user, aUser({ ...nobody, version: 2, updatedAt: later, removedAt: later }))
  })

  it('is never dated before the version that it follows, when clocks differ', () => {
    assert.deepEqual(User.change(aUser({ createdAt: later }), {}, noon).updatedAt, later)
    assert.deepEqual(User.remove(aUser({ createdAt: later }), noon).updatedAt, later)
  })

  it('must be active to take part', () => {
    User.assertActive(aUser())

    assert.throws(() => User.assertActive(aUser({ isActive: false })), AccountDisabled)
    assert.throws(() => User.assertActive(User.remove(aUser(), later)), AccountDisabled)
  })
})
