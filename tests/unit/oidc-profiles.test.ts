import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import type { JWTPayload } from 'jose'
import { InvalidToken } from '../../src/domains/errors/access-errors.ts'
import { claimPath } from '../../src/infrastructures/authentication/oidc/claim-path.ts'

import { subjectIds } from '../../src/infrastructures/authentication/subject-ids.ts'
import { uuidV5 } from '../../src/infrastructures/identifiers/uuid-v5.ts'
import { PRODUCT } from '../../src/patterns/product.ts'
import { type ProviderSettings, setUpProvider } from '../kit/oidc-provider.ts'
import { startTestIssuer, type TestIssuer } from '../kit/test-issuer.ts'

type Profile = Readonly<{
  settings: ProviderSettings
  header: Readonly<Record<string, unknown>>
  claims: JWTPayload
  /** The id where the subject is one; else it is made of the issuer and the subject. */
  id?: string
  username: string
  isSuperAdmin: boolean
}>

const UUID = '0b9c3f2a-1d7e-4f55-8d3c-2f6a7e1b9c00'

/** Access tokens as each provider makes them (docs/identity-providers.md); only the issuer is the one of the test. */
const PROFILES: Readonly<Record<string, Profile>> = {
  Keycloak: {
    settings: {},
    header: { typ: 'JWT' },
    claims: {
      ...{ jti: 'onrtac:2f8', typ: 'Bearer', azp: PRODUCT.docsClient, sid: UUID, acr: '1', 'allowed-origins': ['*'] },
      ...{ aud: [PRODUCT.namespace, 'account'], sub: UUID, scope: 'openid email profile', email_verified: true },
      ...{ realm_access: { roles: ['super_admin', 'offline_access'] }, preferred_username: 'zoe', name: 'Zoë Ünal' },
    },
    id: UUID,
    username: 'zoe',
    isSuperAdmin: true,
  },
  'Keycloak with people of a directory that it does not import': {
    settings: {},
    header: { typ: 'JWT' },
    claims: {
      typ: 'Bearer',
      aud: PRODUCT.namespace,
      sub: 'f:MZ151JzCSfWyyhzCbRxLRQ:lena',
      preferred_username: 'lena',
    },
    username: 'lena',
    isSuperAdmin: false,
  },
  Auth0: {
    settings: { audiences: ['https://forum.example.org'], rolesClaim: 'https://forum.example.org/roles' },
    header: { typ: 'at+jwt' },
    claims: {
      ...{ sub: 'auth0|507f1f77bcf86cd799439020', azp: 'my_client_id', scope: 'openid profile', gty: undefined },
      ...{ aud: ['https://forum.example.org', 'https://tenant.eu.auth0.com/userinfo'] },
      'https://forum.example.org/roles': ['super_admin'],
    },
    username: 'auth0|507f1f77bcf86cd799439020',
    isSuperAdmin: true,
  },
  'Microsoft Entra ID': {
    settings: { audiences: [UUID], rolesClaim: 'roles' },
    header: { typ: 'JWT' },
    claims: {
      ...{
        aud: UUID,
        azp: UUID,
        azpacr: '0',
        oid: UUID,
        rh: '0.ARoAv4j',
        scp: 'forum',
        tid: UUID,
        uti: 'fqiB',
        ver: '2.0',
      },
      ...{ sub: 'HKZpfaHyWadeOouYlitjrI-KffTm222X5rrV3xDqfKQ', preferred_username: 'zoe@example.org', name: 'Zoë' },
      roles: ['super_admin'],
    },
    username: 'zoe@example.org',
    isSuperAdmin: true,
  },
  'Amazon Cognito': {
    settings: { audiences: ['1example23456789'], rolesClaim: 'cognito:groups', usernameClaim: 'username' },
    header: {},
    claims: {
      ...{ sub: UUID, token_use: 'access', scope: 'openid profile', client_id: '1example23456789', username: 'zoe' },
      ...{ event_id: UUID, auth_time: 1_767_225_600, origin_jti: UUID, version: 2, 'cognito:groups': ['super_admin'] },
    },
    id: UUID,
    username: 'zoe',
    isSuperAdmin: true,
  },
  Okta: {
    settings: { audiences: ['api://default'], rolesClaim: 'groups', usernameClaim: 'sub' },
    header: {},
    claims: {
      ...{
        ver: 1,
        jti: 'AT.0mP4JKAZX1iACIT4vbEDF7LpvDVjxypPMf0D7uX39RE',
        cid: '0oabv6kx4qq6h1U5l0h7',
        uid: '00ujmkLgagxeRrAg20g3',
      },
      ...{ aud: 'api://default', scp: ['openid', 'profile'], sub: 'zoe@example.org', groups: ['Everyone'] },
    },
    username: 'zoe@example.org',
    isSuperAdmin: false,
  },
  'Google, an identity token for this service of an account without a browser': {
    settings: { audiences: ['https://forum.example.org'], usernameClaim: 'email' },
    header: { typ: 'JWT' },
    claims: {
      ...{ aud: 'https://forum.example.org', azp: '112233445566778899000', sub: '112233445566778899000' },
      ...{ email: 'robot@project.iam.gserviceaccount.com', email_verified: true },
    },
    username: 'robot@project.iam.gserviceaccount.com',
    isSuperAdmin: false,
  },
}

const ALL = ['typ', 'azp', 'jti', 'preferred_username', 'name', 'email', 'realm_access', 'aud']

const tokenOf = (issuer: TestIssuer, { claims, header }: Pick<Profile, 'claims' | 'header'>) =>
  issuer.token(claims, { header: { typ: undefined, ...header }, omit: ALL.filter((claim) => !(claim in claims)) })

describe('access tokens of', async () => {
  const issuer = await startTestIssuer()
  after(() => issuer.stop())

  for (const [provider, profile] of Object.entries(PROFILES)) {
    it(`${provider} say who is calling`, async () => {
      const { authenticate } = setUpProvider(issuer, profile.settings)

      const actor = await authenticate(await tokenOf(issuer, profile))

      const { sub = '' } = profile.claims
      assert.equal(actor.userId, profile.id ?? subjectIds(issuer.issuer)(sub))
      assert.equal(actor.vouched?.subject, profile.id === undefined ? sub : null)
      assert.equal(actor.profile.username, profile.username)
      assert.equal(actor.isSuperAdmin, profile.isSuperAdmin)
    })
  }

  it('Google for its own services are no JWT, and are refused', async () => {
    await assert.rejects(setUpProvider(issuer).authenticate('ya29.a0AfH6SMBx3xJ'), InvalidToken)
  })

  it('no service: ID tokens of Google and other issuers are refused', async () => {
    const token = await issuer.token({ sub: '10769150350006150715113082367', at_hash: 'HK6E_P6Dh8Y93mRNtsDB1Q' })

    await assert.rejects(setUpProvider(issuer).authenticate(token), InvalidToken)
  })
})

describe('a subject', () => {
  const idOf = subjectIds('https://tenant.eu.auth0.com/')

  it('that is a UUID is the id, in lower case', () => {
    assert.equal(idOf(UUID.toUpperCase()), UUID)
  })

  it('of any other kind is always the same UUID of version 5, and another one at another issuer', () => {
    const id = idOf('auth0|507f1f77bcf86cd799439020')

    assert.match(id, /^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    assert.equal(idOf('auth0|507f1f77bcf86cd799439020'), id)
    assert.equal(id, '6c4d12d5-0fa9-5eaf-b38d-b5f0abdd98c8')
    assert.notEqual(idOf('auth0|507f1f77bcf86cd799439021'), id)
    assert.notEqual(idOf('Auth0|507f1f77bcf86cd799439020'), id)
    assert.notEqual(subjectIds('https://tenant.us.auth0.com/')('auth0|507f1f77bcf86cd799439020'), id)
  })

  it('becomes an id as RFC 9562 says', () => {
    const dns = '6ba7b810-9dad-11d1-80b4-00c04fd430c8'
    assert.equal(uuidV5(dns, 'www.example.com'), '2ed6657d-e927-568b-95e1-2665a8aea6a2')
  })
})

describe('the path of a claim', () => {
  const claims = { a: { b: { c: [1] }, 'b.c': [2] }, 'x.y': 3, x: { y: 4 }, 'https://e.org/r': 5, none: null }

  for (const [path, value] of [
    ['a.b.c', [2]],
    ['x.y', 3],
    ['https://e.org/r', 5],
    ['a.b.d', undefined],
    ['none.a', undefined],
    ['toString', undefined],
    ['a.constructor', undefined],
    ['x.y.length', undefined],
  ] as const) {
    it(`${path} leads to ${JSON.stringify(value)}`, () => assert.deepEqual(claimPath(path)(claims), value))
  }
})

describe('an issuer whose own address is not reachable from here', async () => {
  const issuer = await startTestIssuer()
  after(() => issuer.stop())
  const name = 'https://id.example.org/auth/realms/test'

  for (const discoveryUrl of [
    issuer.issuer,
    `${issuer.issuer}/`,
    `${issuer.issuer}/.well-known/openid-configuration`,
  ]) {
    for (const [what, discovery] of [
      ['as everyone sees it', { issuer: name, jwks_uri: `${name}/keys` }],
      ['as it is asked', { issuer: issuer.issuer, jwks_uri: `${issuer.issuer}/keys` }],
    ] as const) {
      it(`is asked at ${discoveryUrl.replace(/^.*test/, '…')}, and names its keys ${what}`, async () => {
        issuer.answers.discovery = discovery
        const { authenticate } = setUpProvider({ issuer: name }, { discoveryUrl })

        await authenticate(await issuer.token({ iss: name }))
        await assert.rejects(authenticate(await issuer.token()), InvalidToken)
        assert.equal(issuer.fetches.others, 0)
      })
    }
  }
})
