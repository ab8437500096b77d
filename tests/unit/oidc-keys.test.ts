import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createLocalJWKSet } from 'jose'
import { InvalidToken } from '../../src/domains/errors/access-errors.ts'
import { DependencyUnavailable } from '../../src/domains/errors/dependency-errors.ts'
import type { Fetch } from '../../src/infrastructures/authentication/oidc/discovery.ts'
import { createKeySet } from '../../src/infrastructures/authentication/oidc/key-set.ts'
import { setUpProvider as setUp } from '../kit/oidc-provider.ts'
import { startTestIssuer, type TestIssuer } from '../kit/test-issuer.ts'
import { newKey } from '../kit/test-keys.ts'

const MINUTE = 60_000

/** Lets what runs in the background finish. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 100))

describe("the issuer's keys", () => {
  let issuer: TestIssuer
  before(async () => {
    issuer = await startTestIssuer()
  })
  after(() => issuer.stop())

  const fetched = async (work: () => Promise<unknown>) => {
    const before = { ...issuer.fetches }
    await work()
    return {
      discovery: issuer.fetches.discovery - before.discovery,
      jwks: issuer.fetches.jwks - before.jwks,
    }
  }
  const aToken = () => issuer.token({}, {})
  const aStrangersToken = async () => issuer.token({}, { key: await newKey('RS256') })

  it('are asked for at first need and then kept', async () => {
    const { authenticate } = setUp(issuer)

    const count = await fetched(async () => {
      for (let times = 0; times < 5; times++) await authenticate(await aToken())
    })

    assert.deepEqual(count, { discovery: 1, jwks: 1 })
  })

  it('are asked for once by many at the same moment', async () => {
    const { authenticate } = setUp(issuer)
    const tokens = await Promise.all(Array.from({ length: 20 }, aToken))

    const count = await fetched(() => Promise.all(tokens.map(authenticate)))

    assert.deepEqual(count, { discovery: 1, jwks: 1 })
  })

  it('may rotate right after the start', async () => {
    const { authenticate } = setUp(issuer)
    await authenticate(await aToken())
    await issuer.rotate()

    const count = await fetched(async () => authenticate(await aToken()))

    assert.deepEqual(count, { discovery: 1, jwks: 1 })
  })

  it('may rotate without naming the keys', async () => {
    const { authenticate } = setUp(issuer)
    await authenticate(await aToken())
    await issuer.rotate()

    await authenticate(await issuer.token({}, { header: { kid: undefined } }))
  })

  it('are refused once the issuer has removed them', async () => {
    const { authenticate } = setUp(issuer)
    await authenticate(await aToken())
    const old = issuer.keyFor('RS256')
    await issuer.rotate()
    await authenticate(await aToken())

    await assert.rejects(authenticate(await issuer.token({}, { key: old })), InvalidToken)
  })

  it('are asked for once in 30 seconds, however many tokens name an unknown one', async () => {
    const { authenticate, wait } = setUp(issuer)
    await authenticate(await aToken())
    const key = await newKey('RS256')
    const tokens = await Promise.all(Array.from({ length: 1_000 }, () => issuer.token({}, { key })))
    const all = () => Promise.allSettled(tokens.map(authenticate))

    const counts = []
    for (const pause of [0, 0, 29_999, 1]) {
      wait(pause)
      counts.push((await fetched(all)).jwks)
    }

    assert.deepEqual(counts, [1, 0, 0, 1])
  })

  it('are renewed in the background when they are older than ten minutes', async () => {
    const { authenticate, wait } = setUp(issuer)
    const token = await aToken()
    await authenticate(token)
    await issuer.rotate()
    const later = issuer.token({ exp: Math.floor(Date.now() / 1000) + 3_600 }, { key: issuer.keyFor('RS256') })

    wait(10 * MINUTE - 1)
    const early = await fetched(() => authenticate(token).then(settle, settle))
    wait(1)
    const due = await fetched(() => authenticate(token).then(settle, settle))

    assert.deepEqual([early.jwks, due.jwks], [0, 1])
    assert.equal((await fetched(async () => authenticate(await later))).jwks, 0)
  })

  it('are kept while the issuer is down, and its failure is logged', async () => {
    const failures: unknown[] = []
    const { authenticate, wait } = setUp(issuer, { onKeysUnavailable: (cause) => failures.push(cause) })
    const exp = Math.floor(Date.now() / 1000) + 3_600
    await authenticate(await issuer.token({ exp }))
    await issuer.stop()

    for (let times = 0; times < 3; times++) {
      wait(10 * MINUTE)
      await authenticate(await issuer.token({ exp }))
      await authenticate(await issuer.token({ exp }))
      await settle()
    }

    assert.equal(failures.length, 3)
    await issuer.start()
  })

  it('leave a token of an unknown key invalid while the issuer is down', async () => {
    const { authenticate } = setUp(issuer)
    await authenticate(await aToken())
    await issuer.stop()

    await assert.rejects(authenticate(await aStrangersToken()), InvalidToken)

    await issuer.start()
  })

  it('are missed aloud when there never were any', async () => {
    const { authenticate, wait } = setUp(issuer)
    const token = await aToken()
    await issuer.stop()
    await assert.rejects(authenticate(token), DependencyUnavailable)
    await issuer.start()

    await assert.rejects(authenticate(token), DependencyUnavailable)
    wait(1_000)
    await authenticate(token)
  })

  it('are not needed to refuse garbage', async () => {
    const { authenticate } = setUp({ issuer: 'http://127.0.0.1:1' })

    await assert.rejects(authenticate('garbage'), InvalidToken)
    await assert.rejects(authenticate(await issuer.token({}, { key: await newKey('RS512') })), InvalidToken)
  })

  it('are asked for at most once a second after a failed start', async () => {
    let attempts = 0
    const fetch: Fetch = async () => {
      attempts++
      throw new TypeError('fetch failed')
    }
    const { authenticate, wait } = setUp(issuer, { fetch })
    const token = await aToken()
    const all = () => Promise.allSettled(Array.from({ length: 100 }, () => authenticate(token)))

    await all()
    await all()
    wait(1_000)
    await all()

    assert.equal(attempts, 2)
  })

  it('that came while a token was verified with older ones are taken without asking again', async () => {
    const load = async () => createLocalJWKSet({ keys: [] })
    const keySet = createKeySet({ load, uptime: () => 1, onFailure: () => {} })
    const old = await keySet.current()
    const newer = await keySet.refreshIfOlder(old)

    const late = await keySet.refreshIfOlder(old)

    assert.notEqual(newer, old)
    assert.equal(late, newer)
  })

  it('have 2.5 seconds to come', async () => {
    const fetch: Fetch = (_url, { signal }) =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
    const { authenticate } = setUp(issuer, { fetch })
    const begin = performance.now()

    await assert.rejects(authenticate(await aToken()), DependencyUnavailable)

    assert.ok(performance.now() - begin < 2_900)
  })
})
