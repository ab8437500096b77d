/**
 * Group D: who may do what. Not here, as nothing of the kind exists yet: D02 and D06 (drafts, hidden things), D03
 * (nothing has an address under a post), D08 to D10 (an authorization engine), D11 and D12 (gRPC).
 */

import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { UserId } from '../../src/domains/entities/user.ts'
import { PRODUCT } from '../../src/patterns/product.ts'
import type { Target } from '../kit/attacks.ts'
import { describePolicy, type Policy, usePolicyTarget } from './policy.contract.ts'

const POLICY: Policy<'read' | 'list' | 'rewrite' | 'remove' | 'write'> = {
  anonymous: { read: 401, list: 401, rewrite: 401, remove: 401, write: 401 },
  stranger: { read: 200, list: 200, rewrite: 403, remove: 403, write: 201 },
  author: { read: 200, list: 200, rewrite: 200, remove: 204, write: 201 },
  superAdmin: { read: 200, list: 200, rewrite: 200, remove: 204, write: 201 },
  deactivated: { read: 403, list: 403, rewrite: 403, remove: 403, write: 403 },
  removed: { read: 403, list: 403, rewrite: 403, remove: 403, write: 403 },
}

describe('authorization attacks', () => {
  const world = usePolicyTarget()
  const { write } = world
  let target: Target
  before(() => {
    target = world.target()
  })

  const text = { body: { text: 'Changed.' } }

  describePolicy(world, POLICY, ['read', 'list'], async () => {
    const { path } = await write()
    return {
      read: (who) => target.call(who, 'GET', path),
      list: (who) => target.call(who, 'GET', '/v1/posts?count=true'),
      rewrite: (who) => target.call(who, 'PUT', path, text),
      remove: (who) => target.call(who, 'DELETE', path),
      write: (who) => target.call(who, 'POST', '/v1/posts', text),
    }
  })

  it('D04 nothing is given to somebody else', async () => {
    const { path } = await write()
    const given = { body: { ...text.body, ownerId: target.bob.id } }

    await target.refuses(() => target.call(target.alice, 'PUT', path, given), 422, 'validation-failed')
  })

  for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override']) {
    it(`D05 ${name} overrides nothing`, async () => {
      const { path } = await write()
      const headers = { [name]: 'DELETE' }

      assert.equal((await target.call(target.alice, 'GET', path, { headers })).status, 200)
      await target.refuses(
        () => target.call(target.alice, 'POST', path, { ...text, headers }),
        405,
        'method-not-allowed',
      )
      assert.equal((await target.call(target.alice, 'GET', path)).status, 200)
    })
  }

  it('D05 a header that names another user is ignored: the token decides', async () => {
    const { path } = await write()
    const headers = { 'x-user-id': target.alice.id, 'x-forwarded-user': 'alice', 'x-roles': 'super_admin' }

    await target.refuses(() => target.call(target.bob, 'DELETE', path, { headers }), 403, 'forbidden')
  })

  for (const realm_access of [
    { roles: 'super_admin' },
    { roles: ['Super_Admin', 'super_admin '] },
    { roles: [['super_admin']] },
    ['super_admin'],
    'super_admin',
    null,
  ]) {
    it(`D05 realm_access ${JSON.stringify(realm_access)} makes no super admin`, async () => {
      const { path } = await write()
      const token = await target.issuer.token({ sub: target.bob.id, realm_access, roles: ['super_admin'] })

      await target.refuses(() => target.call({ ...target.bob, token }, 'DELETE', path), 403, 'forbidden')
    })
  }

  it('D05 a role of a client makes no super admin', async () => {
    const { path } = await write()
    const resource_access = { [PRODUCT.namespace]: { roles: ['super_admin'] } }
    const token = await target.issuer.token({ sub: target.bob.id, resource_access })

    await target.refuses(() => target.call({ ...target.bob, token }, 'DELETE', path), 403, 'forbidden')
  })

  it('D07 no answer has the email of another', async () => {
    const { path } = await write()
    const paths = [path, '/v1/posts', `/v1/users/${target.alice.id}`, `/v1/users/${target.ada.id}`]

    for (const one of paths) {
      for (const who of [target.bob, target.ada])
        assert.doesNotMatch((await target.call(who, 'GET', one)).text, /email|@/)
    }
  })

  it('D08 a right that was taken is gone with the next request', async () => {
    const zoe = await target.person('Zoe')
    assert.equal((await target.call(zoe, 'GET', '/v1/posts')).status, 200)
    for (const isActive of [false, true, false]) {
      await target.services.users.change({ id: UserId.parse(zoe.id), change: { isActive } })
      assert.equal((await target.call(zoe, 'GET', '/v1/posts')).status, isActive ? 200 : 403)
    }
  })
})
