import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { createSignInAddresses } from '../../src/infrastructures/authentication/oidc/sign-in-addresses.ts'
import { startTestIssuer } from '../kit/test-issuer.ts'

async function setUp(test: TestContext, discovery: Readonly<Record<string, unknown>> = {}) {
  const issuer = await startTestIssuer()
  test.after(() => issuer.stop())
  const found = { authorization: `${issuer.issuer}/sign-in`, token: `${issuer.issuer}/give-token` }
  issuer.answers.discovery = {
    issuer: issuer.issuer,
    authorization_endpoint: found.authorization,
    token_endpoint: found.token,
    ...discovery,
  }

  const clock = { ms: 0 }
  const addresses = createSignInAddresses({ issuer: issuer.issuer, uptime: () => clock.ms })
  const realm = `${issuer.issuer}/protocol/openid-connect`
  return { issuer, addresses, clock, found, conventional: { authorization: `${realm}/auth`, token: `${realm}/token` } }
}

describe('where an issuer signs people in', () => {
  it('is what its discovery says, which is asked at the first need and never again', async (test) => {
    const { issuer, addresses, clock, found } = await setUp(test)
    assert.equal(issuer.fetches.discovery, 0)

    const first = await Promise.all([addresses(), addresses()])
    clock.ms = 1e9
    const later = await addresses()

    assert.deepEqual([...first, later], [found, found, found])
    assert.equal(issuer.fetches.discovery, 1)
  })

  it('is where Keycloak would do it, while the issuer is down', async (test) => {
    const { issuer, addresses, clock, found, conventional } = await setUp(test)
    await issuer.stop()

    assert.deepEqual(await addresses(), conventional)
    await issuer.start()
    clock.ms = 29_999
    assert.deepEqual(await addresses(), conventional)
    assert.equal(issuer.fetches.discovery, 0)

    clock.ms = 30_000
    assert.deepEqual(await addresses(), found)
  })

  for (const [what, discovery] of [
    ['names no addresses', { token_endpoint: undefined }],
    ['names what is no address', { authorization_endpoint: 'sign in here' }],
    ['names a script', { authorization_endpoint: 'javascript:alert(1)' }],
    ['is that of another issuer', { issuer: 'https://elsewhere.example.org' }],
  ] as const) {
    it(`is where Keycloak would do it, when the discovery document ${what}`, async (test) => {
      const { addresses, conventional } = await setUp(test, discovery)

      assert.deepEqual(await addresses(), conventional)
    })
  }
})
