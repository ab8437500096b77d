/**
 * Group D: who may do what. Not here, as nothing of the kind exists yet: D02 and D06 (drafts, hidden things), D03
 * (comments have no address under a post), D08 to D10 (an authorization engine), D11 and D12 (gRPC).
 */

import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { UserId } from '../../src/domains/entities/user.ts'
import { PRODUCT } from '../../src/patterns/product.ts'
import { openTarget, type Target } from '../kit/attacks.ts'
import { givingTo } from '../kit/notifications.ts'
import type { Person } from '../kit/people.ts'

type Who = 'anonymous' | 'stranger' | 'author' | 'superAdmin' | 'deactivated' | 'removed'
type What = 'read' | 'list' | 'rewrite' | 'remove' | 'comment' | 'write' | 'news' | 'markAsRead'

/**
 * One cell for each caller and deed on a post of somebody else's, or for the author on the own one. The notification of a
 * comment on it belongs to the author alone: others do not even learn that it is there.
 */
const POLICY: Readonly<Record<Who, Readonly<Record<What, number>>>> = {
  anonymous: { read: 401, list: 401, rewrite: 401, remove: 401, comment: 401, write: 401, news: 401, markAsRead: 401 },
  stranger: { read: 200, list: 200, rewrite: 403, remove: 403, comment: 201, write: 201, news: 200, markAsRead: 404 },
  author: { read: 200, list: 200, rewrite: 200, remove: 204, comment: 201, write: 201, news: 200, markAsRead: 204 },
  superAdmin: { read: 200, list: 200, rewrite: 200, remove: 204, comment: 201, write: 201, news: 200, markAsRead: 404 },
  deactivated: {
    read: 403,
    list: 403,
    rewrite: 403,
    remove: 403,
    comment: 403,
    write: 403,
    news: 403,
    markAsRead: 403,
  },
  removed: { read: 403, list: 403, rewrite: 403, remove: 403, comment: 403, write: 403, news: 403, markAsRead: 403 },
}

describe('authorization attacks', () => {
  let target: Target
  let people: Record<Who, Person | null>
  before(async () => {
    target = await openTarget()
    const { alice, bob, ada, person, services } = target
    const [dora, rob] = [await person('Dora'), await person('Rob')]
    for (const who of [bob, ada, dora, rob]) await target.call(who, 'GET', '/v1/users/me')
    await services.users.change({ id: UserId.parse(dora.id), change: { isActive: false } })
    await services.users.remove({ id: UserId.parse(rob.id) })
    people = { anonymous: null, stranger: bob, author: alice, superAdmin: ada, deactivated: dora, removed: rob }
  })
  after(() => target[Symbol.asyncDispose]())

  const write = async () => {
    const { body } = await target.call(target.alice, 'POST', '/v1/posts', { body: { text: 'Mine.' } })
    return { ...body, path: `/v1/posts/${body.id}` }
  }
  const text = { body: { text: 'Changed.' } }

  async function attempt(who: Person | null, what: What) {
    const { id, path } = await write()
    const give = await givingTo(target, target.alice, target.ada)
    await give(target.services)
    const { body: given } = await target.call(target.alice, 'GET', '/v1/notifications?limit=1')
    const before = target.hash()
    const comment = { body: { postId: id, text: 'Hi.' } }
    const deeds = {
      read: () => target.call(who, 'GET', path),
      list: () => target.call(who, 'GET', '/v1/posts?count=true'),
      rewrite: () => target.call(who, 'PUT', path, text),
      remove: () => target.call(who, 'DELETE', path),
      comment: () => target.call(who, 'POST', '/v1/comments', comment),
      write: () => target.call(who, 'POST', '/v1/posts', text),
      news: () => target.call(who, 'GET', '/v1/notifications'),
      markAsRead: () => target.call(who, 'POST', `/v1/notifications/${given.items[0]?.id}/read`),
    }
    return { answer: await deeds[what](), isUnchanged: target.hash() === before }
  }

  for (const [who, deeds] of Object.entries(POLICY) as [Who, Record<What, number>][]) {
    for (const [what, status] of Object.entries(deeds) as [What, number][]) {
      it(`D01 ${who}: ${what} is ${status}`, async () => {
        const { answer, isUnchanged } = await attempt(people[who], what)

        assert.equal(answer.status, status)
        assert.equal(isUnchanged, status >= 400 || ['read', 'list', 'news'].includes(what))
        if (what === 'news' && who !== 'author' && status === 200) assert.deepEqual(answer.body.items, [])
        if (who === 'deactivated' || who === 'removed') assert.equal(answer.body.code, 'account-disabled')
        if (who === 'stranger' && status === 403) assert.equal(answer.body.code, 'forbidden')
      })
    }
  }

  for (const who of ['anonymous', 'deactivated', 'removed'] as const) {
    it(`D01 ${who}: no stream of notifications`, async () => {
      const { status } = await target.call(people[who], 'GET', '/v1/notifications/stream')

      assert.equal(status, who === 'anonymous' ? 401 : 403)
    })
  }

  it('D01 the owner of a post has no right to the comments of others on it', async () => {
    const { id } = await write()
    const { body } = await target.call(target.bob, 'POST', '/v1/comments', { body: { postId: id, text: 'Hi.' } })
    const path = `/v1/comments/${body.id}`

    await target.refuses(() => target.call(target.alice, 'PUT', path, text), 403, 'forbidden')
    await target.refuses(() => target.call(target.alice, 'DELETE', path), 403, 'forbidden')
  })

  it('D04 nothing is given to somebody else, nor moved to another post', async () => {
    const { id, path } = await write()
    const { body } = await target.call(target.alice, 'POST', '/v1/comments', { body: { postId: id, text: 'Hi.' } })
    const given = { body: { ...text.body, ownerId: target.bob.id } }
    const moved = { body: { ...text.body, postId: id } }

    await target.refuses(() => target.call(target.alice, 'PUT', path, given), 422, 'validation-failed')
    await target.refuses(
      () => target.call(target.alice, 'PUT', `/v1/comments/${body.id}`, moved),
      422,
      'validation-failed',
    )
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

  it('D05 whoever claims to be somebody else in a header stays who the token says', async () => {
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
    const { id, path } = await write()
    await target.call(target.bob, 'POST', '/v1/comments', { body: { postId: id, text: 'Hi.' } })
    const paths = [path, '/v1/posts', '/v1/comments', `/v1/users/${target.alice.id}`, `/v1/users/${target.ada.id}`]

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
