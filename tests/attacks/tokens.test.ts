/**
 * Group C: what is no good token. Every bad token at every route is tests/http/authentication; here is what takes more
 * than one request or an issuer that misbehaves. Not here: C29, as a token is for its audience, whichever client of the
 * realm asked for it, service accounts too.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { UserId } from '../../src/domains/entities/user.ts'
import { openTarget, type Target } from '../kit/attacks.ts'
import { openForum } from '../kit/http.ts'
import type { Person } from '../kit/people.ts'
import { newKey } from '../kit/test-keys.ts'

const ID = '01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f'

const ask = (target: Target, who: Person | null, headers = {}, query = '') =>
  target.call(who, 'GET', `/v1/users/me${query}`, { headers })

const bearing = ({ alice }: Target, token: string): Person => ({ ...alice, token })

describe('token attacks', () => {
  it('C01 to C32 change nothing, are answered at once, and each has its line in the log', async () => {
    await using target = await openTarget()
    for (const { name, authorization } of await target.issuer.badTokens()) {
      const headers = authorization === null ? {} : { authorization }
      const code = authorization === null ? 'authentication-required' : 'invalid-token'
      const before = target.lines.length
      const answer = await ask(target, null, headers)
      assert.deepEqual([answer.status, answer.body.code, target.lines.length], [401, code, before + 1], name)
    }
    await target.refuses(() => ask(target, bearing(target, 'x.y.z')), 401, 'invalid-token')
  })

  it('C05 a token in the query or in a cookie is no token', async () => {
    await using target = await openTarget()
    const { token } = target.alice
    await target.refuses(
      () => ask(target, null, { cookie: `access_token=${token}; token=${token}` }),
      401,
      'authentication-required',
    )
    await target.refuses(() => ask(target, null, {}, `?access_token=${token}`), 401, 'authentication-required')
  })

  it('C10 a token of 20 KB is too large a header', async () => {
    await using target = await openTarget()
    const head = `GET /v1/users/me HTTP/1.1\r\nHost: forum\r\nAuthorization: Bearer ${'a'.repeat(20 * 1024)}\r\n\r\n`
    await target.refuses(() => target.send(head), 431, 'headers-too-large')
  })

  it('C10 a token is good up to the limit of the headers', async () => {
    await using target = await openTarget()
    const ask = async (roles: number) => {
      const token = await target.issuer.token({ sub: target.alice.id, realm_access: { roles: ['r'.repeat(roles)] } })
      const head = `GET /v1/users/me HTTP/1.1\r\nHost: forum\r\nAuthorization: Bearer ${token}\r\n\r\n`
      return { bytes: head.length, status: (await target.send(head)).status }
    }
    const { bytes } = await ask(0)
    const room = Math.floor(((16 * 1024 - bytes) * 3) / 4) - 64

    for (const roles of [9 * 1024, room]) assert.equal((await ask(roles)).status, 200, `${roles} characters of roles`)
    assert.equal((await ask(room + 128)).status, 431)
  })

  it('C17 a thousand unknown keys cost the issuer one question', async () => {
    await using target = await openTarget()
    await ask(target, target.alice)
    const { jwks } = target.issuer.fetches
    const stranger = await newKey('RS256')
    for (let n = 0; n < 50; n++) {
      const token = await target.issuer.token({}, { key: { ...stranger, kid: `unknown-${n}` } })
      assert.equal((await ask(target, bearing(target, token))).status, 401)
    }
    const headers = { alg: 'RS256', typ: 'JWT' }
    for (let n = 0; n < 1_000; n++) {
      const [, payload, signature] = target.alice.token.split('.')
      const header = Buffer.from(JSON.stringify({ ...headers, kid: `other-${n}` })).toString('base64url')
      assert.equal((await ask(target, bearing(target, `${header}.${payload}.${signature}`))).status, 401)
    }

    assert.ok(target.issuer.fetches.jwks <= jwks + 1, `${target.issuer.fetches.jwks - jwks} questions`)
    assert.equal((await ask(target, target.alice)).status, 200)
  })

  it('C30 a deactivated or removed user may do nothing, though the token is still valid', async () => {
    await using target = await openTarget()
    const { alice, bob, services } = target
    await ask(target, bob)
    await services.users.change({ id: UserId.parse(alice.id), change: { isActive: false } })
    await services.users.remove({ id: UserId.parse(bob.id) })

    for (const who of [alice, bob]) {
      for (const [method, path] of [
        ['GET', '/v1/posts'],
        ['GET', `/v1/posts/${ID}`],
        ['DELETE', `/v1/posts/${ID}`],
      ] as const) {
        const answer = await target.call(who, method, path)
        assert.deepEqual([answer.status, answer.body.code], [403, 'account-disabled'], `${method} ${path}`)
      }
    }
  })

  it('C30 an unknown user is registered by the first valid request, not by an invalid one', async () => {
    await using target = await openTarget()
    const zoe = await target.person('Zoe')
    const before = target.hash()
    assert.equal((await target.call(zoe, 'POST', '/v1/posts', { body: {} })).status, 422)
    assert.equal((await target.call(zoe, 'GET', '/v1/posts?limit=0')).status, 422)
    assert.equal(target.hash(), before)

    assert.equal((await ask(target, zoe)).status, 200)
    assert.ok(target.state.user.has(zoe.id))
  })

  it('C33 unsigned tokens of whatever issuer leave a rotation to be noticed at once', async () => {
    await using target = await openTarget()
    await ask(target, target.alice)
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    for (const iss of ['http://evil.example', undefined, [target.issuer.issuer], `${target.issuer.issuer}/`]) {
      const claims = { ...target.issuer.goodClaims(), iss }
      const forged = `${part({ alg: 'RS256', kid: 'unknown' })}.${part(claims)}.AAAA`
      assert.equal((await ask(target, bearing(target, forged))).status, 401)
    }
    await target.issuer.rotate()

    assert.equal((await ask(target, await target.person('Alice'))).status, 200)
  })

  it('C33 a new key is known at once, by one question; the old one goes with the issuer’s answer', async () => {
    await using target = await openTarget()
    const old = target.alice
    await ask(target, old)
    const { jwks } = target.issuer.fetches
    await target.issuer.rotate()
    const renewed = await target.person('Alice')

    assert.equal((await ask(target, renewed)).status, 200)
    assert.equal(target.issuer.fetches.jwks, jwks + 1)
    assert.equal((await ask(target, await target.person('Bob'))).status, 200)
    assert.equal(target.issuer.fetches.jwks, jwks + 1)
  })

  it('C34 while the issuer is down, known keys work, and unknown ones are 401', async () => {
    await using target = await openTarget()
    await ask(target, target.alice)
    await target.issuer.stop()
    const stranger = await target.issuer.token({}, { key: await newKey('RS256') })

    assert.equal((await ask(target, await target.person('Zoe'))).status, 200)
    await target.refuses(() => ask(target, bearing(target, stranger)), 401, 'invalid-token')
    assert.equal((await ask(target, target.alice)).status, 200)
    await target.issuer.start()
  })

  for (const [what, answers] of Object.entries({
    'keys that are no JSON': { jwks: 'hello' },
    'keys that are no keys': { jwks: { keys: [{ kty: 'oct', k: 'AAAA', alg: 'HS256' }] } },
    'no keys': { jwks: { keys: [] } },
    'more than anyone has keys': { jwks: { keys: 'a'.repeat(600 * 1024) } },
    'the document of another issuer': {
      discovery: { issuer: 'http://evil.example', jwks_uri: 'http://evil.example/keys' },
    },
    'an error': { jwks: new Response('down', { status: 500 }) },
    'a redirect': { jwks: new Response(null, { status: 302, headers: { location: 'http://evil.example/keys' } }) },
  })) {
    it(`C34 an issuer that answers with ${what} authenticates no caller`, async () => {
      await using forum = await openForum()
      Object.assign(forum.issuer.answers, answers)
      const { status } = await forum.call(forum.alice, 'GET', '/v1/users/me')
      assert.ok(status === 503 || status === 401, `${status}`)
    })
  }
})

describe('the kinds of key', () => {
  let target: Target
  before(async () => {
    target = await openTarget()
  })
  after(() => target[Symbol.asyncDispose]())

  it('C13 are those that are configured, each by its own algorithm', async () => {
    const elliptic = await target.issuer.token({ sub: target.alice.id }, { key: target.issuer.keyFor('ES256') })

    assert.equal((await target.call({ ...target.alice, token: elliptic }, 'GET', '/v1/users/me')).status, 200)
  })
})
