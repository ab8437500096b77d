import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { JWTPayload } from 'jose'
import { assertProblem } from '../kit/answers.ts'
import { type Forum, openForum } from '../kit/http.ts'
import { adminEvent, HOOK, signed } from '../kit/keycloak-captures.ts'
import type { Person } from '../kit/people.ts'

const SUB = '5f8b1f2e-6f0a-4b8e-9a53-0c1f0e9d7a11'
const NOW = Math.floor(Date.now() / 1_000)

/** Zoe with a token that was issued so many seconds after her first one. */
const zoe = async ({ issuer }: Forum, seconds: number, claims: JWTPayload = {}): Promise<Person> => {
  const profile = { preferred_username: 'zoe', name: 'Zoe Young', email: 'zoe@example.org' }
  const token = await issuer.token({ sub: SUB, iat: NOW - 60 + seconds, ...profile, ...claims })
  return { id: SUB, name: 'Zoe', token }
}

const me = async ({ call }: Forum, person: Person) => {
  const { username, fullName, email } = (await call(person, 'GET', '/v1/users/me')).body
  return [username, fullName, email]
}

const deliver = ({ call }: Forum, seconds: number, representation: Readonly<Record<string, unknown>>) => {
  const payload = adminEvent('UPDATE', SUB, (NOW - 60 + seconds) * 1_000, representation)
  return call(null, 'POST', HOOK, { payload, headers: signed(payload) })
}

const eventsOf = ({ state }: Forum) => state.outbox.map(({ type, version }) => `${type} ${version}`)

describe('the mirror of a person', () => {
  it('follows newer tokens, each change with one write, and nothing is written where a token says the same', async () => {
    await using forum = await openForum()

    assert.deepEqual(await me(forum, await zoe(forum, 0)), ['zoe', 'Zoe Young', 'zoe@example.org'])
    assert.deepEqual(await me(forum, await zoe(forum, 1)), ['zoe', 'Zoe Young', 'zoe@example.org'])
    const news = { preferred_username: 'zoë', name: 'Zoë Ünal', email: 'zoe@example.com' }
    const newer = await zoe(forum, 2, news)
    assert.deepEqual(await me(forum, newer), ['zoë', 'Zoë Ünal', 'zoe@example.com'])
    assert.deepEqual(await me(forum, newer), ['zoë', 'Zoë Ünal', 'zoe@example.com'])

    assert.deepEqual(eventsOf(forum), ['user.registered 1', 'user.changed 2'])
  })

  it('does not follow older tokens', async () => {
    await using forum = await openForum()
    await me(forum, await zoe(forum, 10))

    assert.deepEqual(await me(forum, await zoe(forum, 9, { name: 'Zoe Old' })), ['zoe', 'Zoe Young', 'zoe@example.org'])
    assert.deepEqual(eventsOf(forum), ['user.registered 1'])
  })

  for (const [what, send] of Object.entries({
    'writes a post': { method: 'POST', url: '/v1/posts', body: { text: 'Hello.' } },
    'lists posts': { method: 'GET', url: '/v1/posts' },
    'repeats a request': {
      method: 'POST',
      url: '/v1/posts',
      body: { text: 'Hello.' },
      headers: { 'idempotency-key': 'k1234567' },
    },
  })) {
    it(`follows a newer token also when its bearer ${what}`, async () => {
      await using forum = await openForum()
      await me(forum, await zoe(forum, 0))
      const { method, url, ...sent } = send

      await forum.call(await zoe(forum, 1, { name: 'Zoë Ünal' }), method, url, sent)

      assert.equal((await forum.call(forum.bob, 'GET', `/v1/users/${SUB}`)).body.fullName, 'Zoë Ünal')
    })
  }

  it('follows a newer token also when its bearer changes something', async () => {
    await using forum = await openForum()
    const { body } = await forum.call(await zoe(forum, 0), 'POST', '/v1/posts', { body: { text: 'Hello.' } })

    await forum.call(await zoe(forum, 1, { name: 'Zoë Ünal' }), 'PUT', `/v1/posts/${body.id}`, {
      body: { text: 'Hi.' },
    })

    assert.equal((await forum.call(forum.bob, 'GET', `/v1/users/${SUB}`)).body.fullName, 'Zoë Ünal')
  })

  it('prefers a webhook to an older token, and a newer token to both', async () => {
    await using forum = await openForum()
    await me(forum, await zoe(forum, 0))

    await deliver(forum, 10, { email: 'delivered@example.org' })
    assert.deepEqual(await me(forum, await zoe(forum, 9, { name: 'Zoë' })), ['zoe', 'Zoë', 'delivered@example.org'])
    assert.deepEqual(await me(forum, await zoe(forum, 11)), ['zoe', 'Zoe Young', 'zoe@example.org'])
  })

  it('loses nothing by claims that a token does not have', async () => {
    await using forum = await openForum()
    await me(forum, await zoe(forum, 0))
    const bare = { preferred_username: undefined, name: undefined, email: undefined }

    assert.deepEqual(await me(forum, await zoe(forum, 5, bare)), ['zoe', 'Zoe Young', 'zoe@example.org'])
  })

  it('keeps the last name of a token when the webhook changes the first name', async () => {
    await using forum = await openForum()
    await me(forum, await zoe(forum, 0, { given_name: 'Zoe', family_name: 'Young' }))

    await deliver(forum, 1, { firstName: 'Zoë' })

    assert.equal((await forum.call(forum.bob, 'GET', `/v1/users/${SUB}`)).body.fullName, 'Zoë Young')
  })

  it('stays shut out and nameless, whatever newer tokens say', async () => {
    await using forum = await openForum()
    await me(forum, await zoe(forum, 0))
    await deliver(forum, 1, { enabled: false })
    const before = forum.hash()

    assertProblem(await forum.call(await zoe(forum, 9, { name: 'X' }), 'GET', '/v1/users/me'), 403, 'account-disabled')
    assert.equal(forum.hash(), before)
  })

  it('has an id of its own for a subject that is none, and the subject for a username', async () => {
    await using forum = await openForum()
    const sub = 'auth0|507f1f77bcf86cd799439020'
    const token = await forum.issuer.token({ sub }, { omit: ['preferred_username', 'name', 'email'] })

    const { body } = await forum.call({ id: '', name: '', token }, 'GET', '/v1/users/me')

    assert.match(body.id, /^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-/)
    assert.equal(body.username, sub)
    assert.equal([...forum.state.user.values()].find(({ id }) => id === body.id)?.subject, sub)
  })
})
