import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { exportJWK } from 'jose'
import { DependencyUnavailable } from '../../src/domains/errors/dependency-errors.ts'
import type { Fetch } from '../../src/infrastructures/authentication/oidc/discovery.ts'
import { setUpProvider as setUp } from '../kit/oidc-provider.ts'
import { startTestIssuer } from '../kit/test-issuer.ts'
import { newKey } from '../kit/test-keys.ts'

const MINUTE = 60_000

/** Lets what runs in the background finish. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 100))

describe('an issuer', async () => {
  const issuer = await startTestIssuer()
  after(() => issuer.stop())
  const symmetric = { keys: [{ kty: 'oct', k: 'AAAA', alg: 'HS256' }] }
  const elsewhere = new Response(null, { status: 302, headers: { location: `${issuer.issuer}/elsewhere` } })
  const failing = new Response('{"keys":[]}', { status: 500 })
  const honest = { issuer: issuer.issuer, jwks_uri: `${issuer.issuer}/keys` }

  for (const [name, answers] of Object.entries({
    'names another issuer': { discovery: { ...honest, issuer: `${issuer.issuer}/` } },
    'names no keys': { discovery: { issuer: issuer.issuer } },
    'names keys at no address': { discovery: { ...honest, jwks_uri: 'keys' } },
    'brings its keys along': { discovery: { ...honest, jwks_uri: 'data:,{"keys":[]}' } },
    redirects: { discovery: elsewhere },
    'redirects for its keys': { jwks: elsewhere },
    'answers with an error': { jwks: failing },
    'answers with no JSON': { discovery: '<html>' },
    'answers with null': { discovery: 'null' },
    'answers with no keys': { jwks: {} },
    'answers without end': { jwks: `{"keys":[],"padding":"${'x'.repeat(600 * 1024)}"}` },
  })) {
    it(`that ${name} is not there`, async () => {
      Object.assign(issuer.answers, { discovery: undefined, jwks: undefined }, answers)

      await assert.rejects(setUp(issuer).authenticate(await issuer.token()), DependencyUnavailable)
    })
  }

  it('that is protected by TLS does not give its keys without', async () => {
    const asked: string[] = []
    const fetch: Fetch = async ({ href }) => {
      asked.push(href)
      return Response.json({ issuer: 'https://issuer.example.org', jwks_uri: 'http://issuer.example.org/keys' })
    }
    const { authenticate } = setUp({ issuer: 'https://issuer.example.org' }, { fetch })

    await assert.rejects(authenticate(await issuer.token()), DependencyUnavailable)
    assert.deepEqual(asked, ['https://issuer.example.org/.well-known/openid-configuration'])
  })

  it('may have a slash at the end of its name', async () => {
    const iss = `${issuer.issuer}/`
    Object.assign(issuer.answers, { discovery: { ...honest, issuer: iss }, jwks: undefined })
    const { authenticate } = setUp({ issuer: iss })

    await authenticate(await issuer.token({ iss }))
  })

  it('that turns to nonsense changes nothing for those who have its keys', async () => {
    Object.assign(issuer.answers, { discovery: undefined, jwks: undefined })
    const { authenticate, wait } = setUp(issuer)
    const exp = Math.floor(Date.now() / 1000) + 3_600
    await authenticate(await issuer.token({ exp }))
    issuer.answers.jwks = 'garbage'

    wait(11 * MINUTE)
    await authenticate(await issuer.token({ exp }))
    await settle()
    await authenticate(await issuer.token({ exp }))
  })

  for (const [name, keys] of Object.entries({
    none: [],
    'shared secrets': symmetric.keys,
    'keys for encryption': [{ kty: 'RSA', use: 'enc', n: 'AQAB', e: 'AQAB' }],
    'what are no keys': [null, 'key', 7, {}],
  })) {
    it(`that publishes ${name} has no keys, and those it had are good no more`, async () => {
      Object.assign(issuer.answers, { discovery: undefined, jwks: undefined })
      const { authenticate } = setUp(issuer)
      await authenticate(await issuer.token())
      Object.assign(issuer.answers, { jwks: { keys } })
      await assert.rejects(authenticate(await issuer.token({}, { key: await newKey('RS256') })))

      await assert.rejects(authenticate(await issuer.token()), DependencyUnavailable)
    })
  }

  it('may publish unsupported keys beside good ones', async () => {
    const { publicKey, kid } = issuer.keyFor('RS256')
    const jwks = {
      keys: [{ kty: 'unheard-of', kid: 'x' }, ...symmetric.keys, { ...(await exportJWK(publicKey)), kid }],
    }
    Object.assign(issuer.answers, { jwks })

    await setUp(issuer).authenticate(await issuer.token())
  })
})
