import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { DependencyUnavailable } from '../../src/domains/errors/dependency-errors.ts'
import type { Fetch } from '../../src/infrastructures/authentication/oidc/discovery.ts'
import { until } from '../kit/command.ts'
import { setUpProvider } from '../kit/oidc-provider.ts'
import { startTestIssuer, type TestIssuer } from '../kit/test-issuer.ts'

/** Lets what runs in the background finish. */
const settle = () => setTimeout(100)

/** A provider that was started: `pauses` are those between two readings of the keys. */
function setUp(issuer: Readonly<{ issuer: string }>, settings: Readonly<{ fetch?: Fetch }> = {}) {
  const reported: string[] = []
  const pauses: { milliseconds: number; end: () => void }[] = []
  const sleep = (milliseconds: number) => new Promise<void>((end) => pauses.push({ milliseconds, end }))
  const provider = setUpProvider(issuer, {
    onKeysUnavailable: (cause) => reported.push(cause instanceof Error ? cause.message : '?'),
    onKeysRecovered: () => reported.push('back'),
    ...settings,
  })
  provider.start({ sleep, random: () => 1 })

  const endPause = async (): Promise<void> => {
    const { length } = pauses
    pauses.at(-1)?.end()
    await until('the keys were read', async () => pauses.length > length)
  }
  const health = (): Promise<string> =>
    provider.ping().then(
      () => 'up',
      (error: DependencyUnavailable) => String((error.cause as Error).message),
    )
  return { ...provider, reported, pauses, endPause, health }
}

describe('the health of an identity provider', () => {
  let issuer: TestIssuer
  before(async () => {
    issuer = await startTestIssuer()
  })
  beforeEach(() => Object.assign(issuer.answers, { discovery: undefined, jwks: undefined }))
  after(() => issuer.stop())

  it('is up as soon as it was asked, which is done at the start', async () => {
    const { health } = setUp(issuer)

    assert.equal(await health(), 'up')
  })

  it('heals by itself, without a request, when the issuer comes up later', async () => {
    await issuer.stop()
    const { health, endPause, reported } = setUp(issuer)
    assert.equal(await health(), 'The issuer cannot be reached.')

    await issuer.start()
    await endPause()

    assert.equal(await health(), 'up')
    assert.deepEqual(reported, ['The issuer cannot be reached.', 'back'])
  })

  it('asks again after one second, later after half a minute, and every ten minutes when all is well', async () => {
    issuer.answers.jwks = new Response('', { status: 500 })
    const { pauses, health, endPause } = setUp(issuer)
    await health()
    for (let times = 0; times < 6; times++) await endPause()
    issuer.answers.jwks = undefined
    await endPause()

    const seconds = pauses.map(({ milliseconds }) => milliseconds / 1000)
    assert.deepEqual(seconds, [1, 2, 4, 8, 16, 30, 30, 600])
  })

  it('is down when the issuer went away, and authenticates with the cached keys nevertheless', async () => {
    const { authenticate, health, wait } = setUp(issuer)
    await health()
    await issuer.stop()
    assert.equal(await health(), 'up')

    wait(5_000)

    await until('it is down', async () => (await health()) === 'The issuer cannot be reached.')
    await authenticate(await issuer.token())
    await issuer.start()
  })

  it('costs one question in five seconds, however often it is asked for', async () => {
    const { health, wait } = setUp(issuer)
    await health()
    const { jwks } = issuer.fetches

    wait(4_999)
    await Promise.all(Array.from({ length: 100 }, health))
    await settle()
    assert.equal(issuer.fetches.jwks, jwks)
    wait(1)
    await Promise.all(Array.from({ length: 100 }, health))
    await until('it was asked', async () => issuer.fetches.jwks > jwks)
    await settle()
    assert.equal(issuer.fetches.jwks, jwks + 1)
  })

  it('is logged once a minute, and when the failure changes', async () => {
    issuer.answers.jwks = new Response('', { status: 500 })
    const { reported, health, endPause, wait } = setUp(issuer)
    await health()
    await endPause()
    wait(59_999)
    await endPause()
    assert.equal(reported.length, 1)

    wait(1)
    await endPause()
    issuer.answers.jwks = 'garbage'
    await endPause()

    assert.deepEqual(reported, [
      'The issuer answered 500.',
      'The issuer answered 500.',
      'The issuer answered with no JSON.',
    ])
  })

  it('sends no request and logs nothing once it is disposed', async () => {
    const aborted: unknown[] = []
    const fetch: Fetch = (_url, { signal }) =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(aborted.push(signal.reason))))
    const provider = setUp(issuer, { fetch })

    provider[Symbol.dispose]()
    await settle()

    assert.deepEqual([aborted.length, provider.reported, provider.pauses], [1, [], []])
  })
})

const failing =
  (cause: object): Fetch =>
  async () => {
    throw new TypeError('fetch failed', { cause })
  }

describe('why an issuer cannot be used', () => {
  const issuer = 'https://issuer.example.org'
  const answering =
    (body: unknown): Fetch =>
    async () =>
      Response.json(body)
  const late = Object.assign(new Error('late'), { name: 'TimeoutError' })

  for (const [why, fetch] of [
    ['The issuer cannot be reached.', failing({ code: 'ECONNREFUSED' })],
    ['The host name of the issuer cannot be resolved.', failing({ code: 'ENOTFOUND' })],
    ['The TLS certificate of the issuer is not trusted.', failing({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })],
    ['The TLS certificate of the issuer is not trusted.', failing({ code: 'CERT_HAS_EXPIRED' })],
    ['The issuer did not answer in time.', failing({ code: 'UND_ERR_CONNECT_TIMEOUT' })],
    ['The issuer did not answer in time.', () => Promise.reject(late)],
    ['The issuer answered 302.', async () => Response.redirect('https://evil.example')],
    ['The issuer answered with no JSON.', async () => new Response('<secret>')],
    ['The issuer answered with no JSON object.', answering(null)],
    ['The discovery document names another issuer.', answering({ issuer: 'https://secret.example' })],
    ['The discovery document names no jwks_uri.', answering({ issuer })],
    ['The issuer answered with no set of keys.', answering({ issuer, jwks_uri: issuer })],
    ['The issuer publishes no keys for signatures.', answering({ issuer, jwks_uri: issuer, keys: [] })],
  ] as const) {
    it(`is logged in a sentence without an address: ${why}`, async () => {
      const { health } = setUp({ issuer }, { fetch })

      assert.equal(await health(), why)
    })
  }
})
