import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { base64url, type JWTPayload } from 'jose'
import { InvalidToken } from '../../src/domains/errors/access-errors.ts'
import { setUpProvider as setUp } from '../kit/oidc-provider.ts'
import { startTestIssuer, type TestIssuer } from '../kit/test-issuer.ts'

const MINUTE = 60_000

const unsigned = (payload: unknown, alg = 'RS256'): string =>
  `${base64url.encode(JSON.stringify({ alg, kid: 'unknown' }))}.${base64url.encode(JSON.stringify(payload))}.AAAA`

describe('a token of an unknown key', () => {
  let issuer: TestIssuer
  before(async () => {
    issuer = await startTestIssuer()
  })
  after(() => issuer.stop())

  const forged = (claims: JWTPayload, omit: readonly string[] = []): string =>
    unsigned(
      Object.fromEntries(
        Object.entries({ ...issuer.goodClaims(), ...claims }).filter(([name]) => !omit.includes(name)),
      ),
    )

  const now = Math.floor(Date.now() / 1000)
  const forgeries: Readonly<Record<string, () => string>> = {
    'that another issuer is said to have given': () => forged({ iss: 'http://evil.example' }),
    'that nobody is said to have given': () => forged({}, ['iss']),
    'that is for another audience': () => forged({ aud: 'account' }),
    'that is for no audience': () => forged({}, ['aud']),
    'that has expired': () => forged({ exp: now - 31 }),
    'that never expires': () => forged({}, ['exp']),
    'that is not yet valid': () => forged({ nbf: now + 60 }),
    'that was issued in the future': () => forged({ iat: now + 60 }),
    'that is an ID token': () => forged({ typ: 'ID' }),
    'that is signed by another algorithm': () => unsigned(issuer.goodClaims(), 'HS256'),
    'that has no claims': () => unsigned([]),
  }
  for (const [what, forge] of Object.entries(forgeries)) {
    it(`${what} costs no question, so that a rotation is noticed at once`, async () => {
      const { authenticate } = setUp(issuer)
      await authenticate(await issuer.token())
      const { jwks } = issuer.fetches
      for (let times = 0; times < 3; times++) await assert.rejects(authenticate(forge()), InvalidToken)
      assert.equal(issuer.fetches.jwks, jwks)

      await issuer.rotate()
      await authenticate(await issuer.token())

      assert.equal(issuer.fetches.jwks, jwks + 1)
    })
  }

  it('of another issuer does not renew old keys either', async () => {
    const { authenticate, wait } = setUp(issuer)
    await authenticate(await issuer.token())
    const { jwks } = issuer.fetches
    wait(11 * MINUTE)

    await assert.rejects(authenticate(forged({ iss: 'http://evil.example' })), InvalidToken)
    await setTimeout(100)

    assert.equal(issuer.fetches.jwks, jwks)
  })

  it('that claims all there is to claim costs one question, and delays a rotation by 30 seconds at most', async () => {
    const { authenticate, wait } = setUp(issuer)
    await authenticate(await issuer.token())
    await assert.rejects(authenticate(forged({})), InvalidToken)
    await issuer.rotate()
    await assert.rejects(authenticate(await issuer.token()), InvalidToken)
    const { jwks } = issuer.fetches

    wait(30_000)
    await assert.rejects(authenticate(forged({ exp: now + 600 })), InvalidToken)
    await authenticate(await issuer.token())

    assert.equal(issuer.fetches.jwks, jwks + 1)
  })
})
