import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { InvalidToken } from '../../src/domains/errors/access-errors.ts'
import { setUpProvider } from '../kit/oidc-provider.ts'
import { startTestIssuer, type TestIssuer } from '../kit/test-issuer.ts'

const WITHOUT_AUD = { omit: ['aud', 'typ'] }

describe('a service of several audiences', () => {
  let issuer: TestIssuer
  before(async () => {
    issuer = await startTestIssuer()
  })
  after(() => issuer.stop())

  const setUp = () => setUpProvider(issuer, { audiences: ['forum', 'forum-mobile'] })

  for (const aud of ['forum', 'forum-mobile', ['account', 'forum'], ['forum-mobile', 'forum']]) {
    it(`takes a token for ${JSON.stringify(aud)}`, async () => {
      await setUp().authenticate(await issuer.token({ aud }))
    })
  }

  for (const aud of ['account', 'forum,forum-mobile', 'forum forum-mobile', ['Forum'], [], null]) {
    it(`refuses a token for ${JSON.stringify(aud)}`, async () => {
      const token = await issuer.token({ aud: aud as string })

      await assert.rejects(setUp().authenticate(token), InvalidToken)
    })
  }

  it('takes a token without one whose use is access and whose client is one of them', async () => {
    const token = await issuer.token({ client_id: 'forum-mobile', token_use: 'access' }, WITHOUT_AUD)

    await setUp().authenticate(token)
  })

  for (const claims of [
    { client_id: 'forum', token_use: 'id' },
    { client_id: 'forum' },
    { client_id: 'other', token_use: 'access' },
    { client_id: ['forum'], token_use: 'access' },
    { azp: 'forum', token_use: 'access' },
  ]) {
    it(`refuses a token without one that says ${JSON.stringify(claims)}`, async () => {
      await assert.rejects(setUp().authenticate(await issuer.token(claims, WITHOUT_AUD)), InvalidToken)
    })
  }

  it('refuses a token for another although its client is one of them', async () => {
    const token = await issuer.token({ aud: 'account', client_id: 'forum', token_use: 'access' })

    await assert.rejects(setUp().authenticate(token), InvalidToken)
  })

  it('refuses an ID token whose audience is the client, as Amazon Cognito gives it', async () => {
    const token = await issuer.token({ aud: 'forum', token_use: 'id' }, { omit: ['typ'] })

    await assert.rejects(setUp().authenticate(token), InvalidToken)
  })
})
