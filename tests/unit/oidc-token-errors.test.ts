import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { JWTPayload } from 'jose'
import { InvalidToken } from '../../src/domains/errors/access-errors.ts'
import { PRODUCT } from '../../src/patterns/product.ts'
import { setUpProvider as setUp } from '../kit/oidc-provider.ts'
import { startTestIssuer, type TestIssuer, type TokenOptions } from '../kit/test-issuer.ts'
import { newKey } from '../kit/test-keys.ts'

const now = Math.floor(Date.now() / 1000)

type Row = readonly [why: string, claims: JWTPayload, options?: TokenOptions]

const rows: readonly Row[] = [
  [`The audience of the token is not forum or ${PRODUCT.namespace}.`, { aud: 'account' }],
  [`The audience of the token is not forum or ${PRODUCT.namespace}.`, {}, { omit: ['aud'] }],
  ['The token has expired.', { exp: now - 60 }],
  ['The token has no expiry time that can be accepted.', {}, { omit: ['exp'] }],
  ['The token is not yet valid.', { nbf: now + 60 }],
  ['The token was issued in the future.', { iat: now + 60 }],
  ['The claim nbf of the token is not valid.', { nbf: 'secret' as unknown as number }],
  ['The token has no subject.', {}, { omit: ['sub'] }],
  ['The subject of the token is longer than 255 characters, or has control characters.', { sub: 'secret\n' }],
  ['The token is not an access token but one of another kind, such as an ID token.', { typ: 'ID' }],
  ['The token is not an access token but one of another kind, such as an ID token.', { token_use: 'id' }],
  ['The token is not an access token but one of another kind, such as an ID token.', { at_hash: 'secret' }],
  [
    'The token is not an access token but one of another kind, such as an ID token.',
    {},
    { header: { typ: 'logout+jwt' } },
  ],
  ['The token is bound to a key, which was not proven.', { cnf: { jkt: 'secret' } }],
]

describe('a refused token', () => {
  let issuer: TestIssuer
  before(async () => {
    issuer = await startTestIssuer()
  })
  after(() => issuer.stop())

  async function assertRefused(token: string, why: string): Promise<void> {
    const { authenticate } = setUp(issuer, {
      audiences: ['forum', PRODUCT.namespace],
      algorithms: ['RS256', 'PS256'],
    })
    await assert.rejects(authenticate(token), (error) => {
      assert.ok(error instanceof InvalidToken)
      assert.equal(error.message, why)
      return true
    })
  }

  for (const [why, claims, options] of rows) {
    it(`gets the reason: ${why} (${JSON.stringify([claims, options])})`, async () => {
      await assertRefused(await issuer.token(claims, options), why)
    })
  }

  it('gets the issuer that it must be of, whether its key is known or not', async () => {
    const why = `The issuer of the token is not ${issuer.issuer}.`
    await assertRefused(await issuer.token({ iss: 'http://secret.example' }), why)
    await assertRefused(await issuer.token({ iss: 'http://secret.example' }, { key: await newKey('RS256') }), why)
  })

  it('gets the reason that its key is unknown, or its signature wrong', async () => {
    const stranger = await newKey('RS256')
    const { kid } = issuer.keyFor('RS256')
    const unknown = 'The token is signed by an unknown key: the issuer publishes none with its id and algorithm.'

    await assertRefused(await issuer.token({}, { key: stranger }), unknown)
    await assertRefused(await issuer.token({}, { key: { ...stranger, kid } }), 'The signature of the token is wrong.')
  })

  it('gets the algorithms that are accepted', async () => {
    const token = await issuer.token({}, { key: issuer.keyFor('ES256') })

    await assertRefused(token, "The algorithm of the token's signature is not RS256 or PS256.")
  })

  it('gets the reason that it is too long', async () => {
    const token = await issuer.token({ realm_access: { roles: ['r'.repeat(16 * 1024)] } })

    await assertRefused(token, 'The token is too long: it has more than 16384 characters.')
  })

  it('gets the reason that it is no JWT, or has unsupported headers', async () => {
    for (const token of ['garbage', 'x.y.z', '..', '']) {
      await assertRefused(token, 'The token cannot be read: it is not a signed JWT.')
    }
    const [, payload, signature] = (await issuer.token()).split('.')
    const header = { alg: 'RS256', kid: issuer.keyFor('RS256').kid, crit: ['secret'], secret: true }
    const critical = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}.${signature}`
    await assertRefused(critical, 'The header of the token asks for something that is not supported.')
  })
})
