import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { Target } from '../kit/attacks.ts'
import { describePolicy, type Policy, usePolicyTarget } from './policy.contract.ts'

const POLICY: Policy<'comment'> = {
  anonymous: { comment: 401 },
  stranger: { comment: 201 },
  author: { comment: 201 },
  superAdmin: { comment: 201 },
  deactivated: { comment: 403 },
  removed: { comment: 403 },
}

describe('authorization attacks on comments', () => {
  const world = usePolicyTarget()
  const { write } = world
  let target: Target
  before(() => {
    target = world.target()
  })

  const text = { body: { text: 'Changed.' } }

  describePolicy(world, POLICY, [], async () => {
    const comment = { body: { postId: (await write()).id, text: 'Hi.' } }
    return { comment: (who) => target.call(who, 'POST', '/v1/comments', comment) }
  })

  it('D01 the owner of a post has no right to the comments of others on it', async () => {
    const { id } = await write()
    const { body } = await target.call(target.bob, 'POST', '/v1/comments', { body: { postId: id, text: 'Hi.' } })
    const path = `/v1/comments/${body.id}`

    await target.refuses(() => target.call(target.alice, 'PUT', path, text), 403, 'forbidden')
    await target.refuses(() => target.call(target.alice, 'DELETE', path), 403, 'forbidden')
  })

  it('D04 none is moved to another post', async () => {
    const { id } = await write()
    const { body } = await target.call(target.alice, 'POST', '/v1/comments', { body: { postId: id, text: 'Hi.' } })
    const path = `/v1/comments/${body.id}`
    const moved = { body: { ...text.body, postId: id } }

    await target.refuses(() => target.call(target.alice, 'PUT', path, moved), 422, 'validation-failed')
  })

  it('B39 B41 none is added to what is gone, nor under the key of another route', async () => {
    const { id, path } = await write()
    const headers = { 'idempotency-key': 'mine' }
    await target.call(target.bob, 'POST', '/v1/posts', { ...text, headers })
    const comment = (more = {}) =>
      target.call(target.bob, 'POST', '/v1/comments', { body: { postId: id, text: 'c' }, ...more })

    await target.refuses(() => comment({ headers }), 422, 'idempotency-key-reused')
    await target.call(target.alice, 'DELETE', path)
    await target.refuses(comment, 404, 'post-not-found')
  })

  it('D07 no answer has the email of another', async () => {
    const { id } = await write()
    await target.call(target.bob, 'POST', '/v1/comments', { body: { postId: id, text: 'Hi.' } })

    for (const who of [target.bob, target.ada])
      assert.doesNotMatch((await target.call(who, 'GET', '/v1/comments')).text, /email|@/)
  })
})
