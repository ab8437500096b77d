import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { InvalidToken } from '../../src/domains/errors/access-errors.ts'
import { createTokenCache } from '../../src/infrastructures/authentication/oidc/identity-provider.ts'
import { alice } from '../fixtures.ts'
import { setUpProvider as setUp } from '../kit/oidc-provider.ts'
import { startTestIssuer, type TestIssuer } from '../kit/test-issuer.ts'

const MINUTE = 60_000

describe('a token that was verified', () => {
  let issuer: TestIssuer
  before(async () => {
    issuer = await startTestIssuer()
  })
  after(() => issuer.stop())

  it('is cached for a minute', async () => {
    const { authenticate, wait } = setUp(issuer)
    const token = await issuer.token()

    const first = await authenticate(token)
    wait(MINUTE - 1)
    const remembered = await authenticate(token)
    wait(2)
    const later = await authenticate(token)

    assert.equal(remembered, first)
    assert.notEqual(later, first)
    assert.deepEqual(later, first)
  })

  it('is not cached past its end', async () => {
    const { authenticate, wait } = setUp(issuer)
    const token = await issuer.token({ exp: Math.floor(Date.now() / 1000) + 10 })
    await authenticate(token)

    wait(42_000)

    await assert.rejects(authenticate(token), InvalidToken)
  })

  it('is forgotten when many others came after it', () => {
    const cache = createTokenCache({ now: () => new Date(0), uptime: () => 1 })
    for (let token = 0; token <= 10_000; token++) cache.add(`${token}`, alice, 1)

    const found = ['0', '1', '10000'].map((token) => cache.find(token))

    assert.deepEqual(found, [null, alice, alice])
  })

  it('is not cached when it was refused', async () => {
    const { authenticate, wait } = setUp(issuer)
    const now = Math.floor(Date.now() / 1000)
    const token = await issuer.token({ nbf: now + 60 })
    await assert.rejects(authenticate(token), InvalidToken)

    wait(MINUTE)

    await authenticate(token)
  })
})
