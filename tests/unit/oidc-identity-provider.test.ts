import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { JWTPayload } from 'jose'
import { InvalidToken } from '../../src/domains/errors/access-errors.ts'
import { setUpProvider as setUp } from '../kit/oidc-provider.ts'
import { startTestIssuer, type TestIssuer } from '../kit/test-issuer.ts'
import { newKey } from '../kit/test-keys.ts'

const SUB = '0190a6e4-7e4c-7b7e-8f3e-0f8e2c1d4b5a'

describe('an access token', () => {
  let issuer: TestIssuer
  before(async () => {
    issuer = await startTestIssuer()
  })
  after(() => issuer.stop())

  const actorFor = async (claims: JWTPayload) => setUp(issuer).authenticate(await issuer.token(claims))

  it('says who is calling', async () => {
    const names = { given_name: 'Alice', family_name: 'Liddell' }
    const token = await issuer.token({ sub: SUB.toUpperCase(), iat: 1_795_796_728, ...names })

    const actor = await setUp(issuer).authenticate(token)

    assert.deepEqual(actor, {
      userId: SUB,
      profile: { username: 'alice', fullName: 'Alice Liddell', email: 'alice@example.org' },
      isSuperAdmin: false,
      vouched: { subject: null, issuedAt: new Date(1_795_796_728_000), firstName: 'Alice', lastName: 'Liddell' },
    })
  })

  it('makes a user with the realm role a super admin', async () => {
    const actor = await actorFor({ realm_access: { roles: ['user', 'super_admin'] } })

    assert.equal(actor.isSuperAdmin, true)
  })

  for (const realm_access of [
    undefined,
    null,
    'super_admin',
    {},
    { roles: 'super_admin' },
    { roles: { super_admin: 1 } },
  ]) {
    it(`makes no super admin of ${JSON.stringify(realm_access)}`, async () => {
      const actor = await actorFor({ realm_access })

      assert.equal(actor.isSuperAdmin, false)
    })
  }

  it('makes no super admin of a role of a client', async () => {
    const actor = await actorFor({ resource_access: { forum: { roles: ['super_admin'] } }, roles: ['super_admin'] })

    assert.equal(actor.isSuperAdmin, false)
  })

  for (const claim of [
    undefined,
    null,
    7,
    {},
    '',
    '   ',
    '\u200b',
    'a\0b',
    'a\nb',
    'a\u0085b',
    '\ud800',
    'x'.repeat(256),
  ]) {
    it(`may call somebody ${JSON.stringify(claim)?.slice(0, 20)}, which is left out`, async () => {
      const actor = await actorFor({ sub: SUB, preferred_username: claim, name: claim, email: claim })

      assert.deepEqual(actor.profile, { username: SUB, fullName: null, email: null })
    })
  }

  it('may have a name of 255 characters outside the basic plane, and space around it', async () => {
    const name = '\u{1f600}'.repeat(255)

    const actor = await actorFor({ name: ` ${name}\n` })

    assert.equal(actor.profile.fullName, name)
  })

  for (const typ of ['JWT', 'jwt', 'at+jwt', 'AT+JWT', 'application/at+jwt', undefined]) {
    it(`may be of type ${typ}`, async () => {
      const token = await issuer.token({}, { header: { typ } })

      await setUp(issuer).authenticate(token)
    })
  }

  it('needs no type in its payload', async () => {
    const token = await issuer.token({}, { omit: ['typ'] })

    await setUp(issuer).authenticate(token)
  })

  for (const alg of ['RS256', 'PS256', 'ES256', 'EdDSA']) {
    it(`may be signed with ${alg}`, async () => {
      const token = await issuer.token({}, { key: await issuer.addKey(alg) })

      await setUp(issuer).authenticate(token)
    })
  }

  it('need not name its key when one of several fits', async () => {
    const first = issuer.keyFor('RS256')
    await issuer.addKey()
    const { authenticate } = setUp(issuer)

    await authenticate(await issuer.token({}, { key: first, header: { kid: undefined } }))
    await authenticate(await issuer.token({}, { header: { kid: undefined } }))
  })

  it('is refused when it names no key, several are there and none fits', async () => {
    await issuer.addKey()
    const token = await issuer.token({}, { key: await newKey('RS256'), header: { kid: undefined } })

    await assert.rejects(setUp(issuer).authenticate(token), InvalidToken)
  })

  it('is refused when it is signed in a way that is not among the settings', async () => {
    const token = await issuer.token({}, { key: issuer.keyFor('ES256') })

    await assert.rejects(setUp(issuer, { algorithms: ['RS256'] }).authenticate(token), InvalidToken)
  })

  for (const [claim, seconds] of [
    ['exp', -25],
    ['nbf', 25],
    ['iat', 25],
  ] as const) {
    it(`is still good when ${claim} is ${seconds} seconds from now, since clocks differ`, async () => {
      await actorFor({ [claim]: Math.floor(Date.now() / 1000) + seconds })
    })
  }

  for (const [claim, seconds] of [
    ['exp', -31],
    ['nbf', 35],
    ['iat', 35],
  ] as const) {
    it(`is refused when ${claim} is ${seconds} seconds from now`, async () => {
      await assert.rejects(actorFor({ [claim]: Math.floor(Date.now() / 1000) + seconds }), InvalidToken)
    })
  }

  it('is refused without any of its content in the log', async () => {
    for (const claims of [{ aud: 'secret' }, { iss: 'secret' }, { exp: 1 }, { nbf: 9e9 }, { sub: 'secret\n' }]) {
      const token = await issuer.token({ email: 'secret@example.org', ...claims })

      const error = await setUp(issuer)
        .authenticate(token)
        .catch((caught: unknown) => caught)

      assert.ok(error instanceof InvalidToken)
      const cause = { ...(error.cause as object), message: error.cause instanceof Error ? error.cause.message : '' }
      assert.doesNotMatch(JSON.stringify([error, error.message, cause]), /secret|eyJ/)
    }
  })
})

describe('bad tokens', async () => {
  const issuer = await startTestIssuer()
  after(() => issuer.stop())
  const bearers = (await issuer.badTokens()).filter(({ authorization }) => authorization?.startsWith('Bearer'))

  for (const { name, authorization } of bearers) {
    it(`${name} is refused`, async () => {
      const token = authorization?.replace(/^Bearer ?/, '') ?? ''

      await assert.rejects(setUp(issuer).authenticate(token), InvalidToken)
    })
  }

  it('never make us ask anybody but the issuer', () => {
    assert.equal(issuer.fetches.others, 0)
  })

  it('over 16 KB are too long, and refused before any work', async () => {
    const { authenticate } = setUp({ issuer: 'http://127.0.0.1:1' })
    const token = await issuer.token({ realm_access: { roles: ['r'.repeat(16 * 1024)] } })

    await assert.rejects(authenticate(token), InvalidToken)
  })

  it('cannot be made acceptable by a symmetric algorithm in the settings', () => {
    for (const algorithm of ['HS256', 'none', 'dir', 'rs256'])
      assert.throws(() => setUp(issuer, { algorithms: ['RS256', algorithm] }), TypeError)
  })
})
