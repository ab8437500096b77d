import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { UserNotFound } from '../../src/domains/errors/user-errors.ts'
import { alice, bob, setUp, stranger, userOf } from '../fixtures.ts'

describe('reading a user', () => {
  it('shows anyone’s account', async () => {
    const { userService } = setUp()

    assert.deepEqual(await userService.read({ reader: alice, id: bob.userId }), userOf(bob))
  })

  it('shows a deactivated user too', async () => {
    const { userService } = setUp({ users: [userOf(alice), { ...userOf(bob), isActive: false }] })

    assert.equal((await userService.read({ reader: alice, id: bob.userId })).isActive, false)
  })

  it('shows neither removed users nor such as were never seen', async () => {
    const { userService } = setUp()
    await userService.remove({ id: bob.userId })

    await assert.rejects(userService.read({ reader: alice, id: bob.userId }), UserNotFound)
    await assert.rejects(userService.read({ reader: alice, id: stranger.userId }), UserNotFound)
  })

  it('shows people to themselves, at first sight too', async () => {
    const { userService } = setUp()

    assert.deepEqual(await userService.me(alice), userOf(alice))
    assert.deepEqual(await userService.read({ reader: stranger, id: stranger.userId }), userOf(stranger))
  })
})
