import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { UserId } from '../../src/domains/entities/user.ts'
import { assertProblem } from '../kit/answers.ts'
import { openForum } from '../kit/http.ts'

const HELLO = { body: { text: 'Hello.' } }

describe('users', () => {
  it('are registered at their first valid request, once', async () => {
    await using forum = await openForum()
    const { alice, call, state } = forum

    const [first, second] = [await call(alice, 'GET', '/v1/users/me'), await call(alice, 'GET', '/v1/users/me')]

    assert.equal(first.status, 200)
    assert.deepEqual(first.body, second.body)
    assert.deepEqual(first.body, {
      id: alice.id,
      username: 'alice',
      fullName: 'Alice',
      email: 'alice@example.org',
      isActive: true,
      createdAt: first.body.createdAt,
      updatedAt: first.body.createdAt,
    })
    assert.deepEqual(
      state.outbox.map(({ type, subject }) => [type, subject]),
      [['user.registered', alice.id]],
    )
  })

  it('are registered once, however many requests come first', async () => {
    await using forum = await openForum()

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => forum.call(forum.alice, 'POST', '/v1/posts', HELLO)),
    )

    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]))
    assert.deepEqual(forum.state.outbox.filter(({ type }) => type === 'user.registered').length, 1)
  })

  it('go by their subject where the token has no names', async () => {
    await using forum = await openForum()
    const sub = '5f8b1f2e-6f0a-4b8e-9a53-0c1f0e9d7a11'
    const claims = ['preferred_username', 'name', 'email', 'realm_access']
    const nameless = {
      id: sub,
      name: sub,
      token: await forum.issuer.token({ sub: sub.toUpperCase() }, { omit: claims }),
    }

    const { body } = await forum.call(nameless, 'GET', '/v1/users/me')

    assert.deepEqual([body.id, body.username, body.fullName, body.email], [sub, sub, null, null])
  })

  it('see of others what is public, and no email anywhere', async () => {
    await using forum = await openForum()
    const { alice, bob, ada, call } = forum
    await call(alice, 'POST', '/v1/posts', HELLO)

    const seen = await call(bob, 'GET', `/v1/users/${alice.id.toUpperCase()}`)
    const answers = [
      seen,
      await call(alice, 'GET', `/v1/users/${alice.id}`),
      await call(ada, 'GET', `/v1/users/${alice.id}`),
    ]

    assert.deepEqual(seen.body, { id: alice.id, username: 'alice', fullName: 'Alice', createdAt: seen.body.createdAt })
    for (const { text } of [...answers, await call(bob, 'GET', '/v1/posts')]) assert.doesNotMatch(text, /@|email/)
  })

  it('are 404 if unknown, 422 if the id is malformed', async () => {
    await using forum = await openForum()
    const { alice, bob, call } = forum

    assertProblem(await call(alice, 'GET', `/v1/users/${bob.id}`), 404, 'user-not-found')
    assertProblem(await call(alice, 'GET', '/v1/users/bob'), 422, 'validation-failed')
    assertProblem(await call(alice, 'GET', '/v1/users/me?verbose=1'), 422, 'validation-failed')
  })

  it('do nothing at all once their account is disabled', async () => {
    await using forum = await openForum()
    const { alice, bob, call, services } = forum
    const { body } = await call(alice, 'POST', '/v1/posts', HELLO)
    await services.users.change({ id: UserId.parse(alice.id), change: { isActive: false } })
    const before = forum.hash()

    const item = `/v1/posts/${body.id}`
    const attempts = [
      await call(alice, 'GET', '/v1/users/me'),
      await call(alice, 'GET', `/v1/users/${alice.id}`),
      await call(alice, 'GET', '/v1/users/01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f'),
      await call(alice, 'GET', '/v1/posts'),
      await call(alice, 'GET', item),
      await call(alice, 'GET', '/v1/posts/01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f'),
      await call(alice, 'POST', '/v1/posts', HELLO),
      await call(alice, 'PUT', item, HELLO),
      await call(alice, 'DELETE', item),
    ]

    for (const answer of attempts) assertProblem(answer, 403, 'account-disabled')
    assert.equal(forum.hash(), before)
    assert.equal((await call(bob, 'GET', item)).status, 200)
  })

  it('stay removed: neither their token nor a late change brings them back', async () => {
    await using forum = await openForum()
    const { alice, bob, call, services } = forum
    const { body } = await call(alice, 'POST', '/v1/posts', HELLO)
    await services.users.remove({ id: UserId.parse(alice.id) })

    assertProblem(await call(alice, 'GET', '/v1/users/me'), 403, 'account-disabled')
    assertProblem(await call(alice, 'POST', '/v1/posts', HELLO), 403, 'account-disabled')
    assertProblem(await call(bob, 'GET', `/v1/users/${alice.id}`), 404, 'user-not-found')
    assertProblem(await call(bob, 'GET', `/v1/posts/${body.id}`), 404, 'post-not-found')
  })
})
