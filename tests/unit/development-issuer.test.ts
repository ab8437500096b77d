import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, describe, it } from 'node:test'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { signingKey } from '../../src/development/issuer/signing-key.ts'
import { InvalidToken } from '../../src/domains/errors/access-errors.ts'
import { InvalidInput } from '../../src/domains/errors/input-errors.ts'
import { createBrowser, next } from '../kit/browser.ts'
import { startDevelopmentIssuer } from '../kit/development-issuer.ts'

const printed: unknown[] = []
const { info, warn } = console
console.warn = console.info = (...line) => printed.push(line)
after(() => Object.assign(console, { info, warn }))

const development = await startDevelopmentIssuer()
after(() => development.stop())
const { issuer, dataDirectory, authenticate, mint } = development
const { authorization, toSignInPage, signIn, redeem, tokensFor } = development

describe('the development issuer', () => {
  it('signs people in, and we believe it', async () => {
    const { access_token: token, expires_in: lifetime } = await tokensFor({ username: 'Alice' })

    const { userId, vouched: _, ...actor } = await authenticate(token)

    assert.match(userId, /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    assert.deepEqual(actor, {
      profile: { username: 'Alice', fullName: 'Alice', email: 'alice@example.org' },
      isSuperAdmin: false,
    })
    assert.equal(lifetime, 3_600)
    assert.deepEqual(decodeProtectedHeader(token), { ...decodeProtectedHeader(token), alg: 'RS256', typ: 'at+jwt' })
  })

  it('signs in a super admin if the box is ticked', async () => {
    const { access_token: token } = await tokensFor({ username: 'ada', super_admin: 'yes' })

    assert.equal((await authenticate(token)).isSuperAdmin, true)
  })

  it('gives a token for the API also when no scope is asked for', async () => {
    const { access_token: token } = await tokensFor({ username: 'alice' }, authorization({ scope: undefined }))

    await authenticate(token)
  })

  it('asks who is there each time, so that one can be somebody else', async () => {
    const browse = createBrowser()
    const alice = await tokensFor({ username: 'alice' }, undefined, browse)

    const bob = await tokensFor({ username: 'bob' }, undefined, browse)

    const actors = await Promise.all([alice, bob].map(({ access_token: token }) => authenticate(token)))
    assert.deepEqual(
      actors.map(({ profile }) => profile.username),
      ['alice', 'bob'],
    )
  })

  it('gives ID tokens that are no access tokens', async () => {
    const { id_token: token } = await tokensFor({ username: 'alice' })

    await assert.rejects(authenticate(token), InvalidToken)
  })

  it('gives no code without PKCE', async () => {
    const start = authorization({ code_challenge: undefined, code_challenge_method: undefined })

    const answer = next(await createBrowser()(start), start)

    assert.equal(answer.searchParams.get('error'), 'invalid_request')
  })

  it('gives no token for the code of somebody else', async () => {
    const arrival = await signIn(createBrowser(), { username: 'alice' })

    const answer = await redeem(arrival.searchParams.get('code') ?? '', { code_verifier: 'x'.repeat(43) })

    assert.equal(answer.status, 400)
  })

  it('gives one token for a code', async () => {
    const code = (await signIn(createBrowser(), { username: 'alice' })).searchParams.get('code') ?? ''
    await redeem(code)

    const again = await redeem(code)

    assert.equal(again.status, 400)
  })

  it('leads nowhere but to the documentation', async () => {
    const answer = await createBrowser()(authorization({ redirect_uri: 'http://evil.example.org/' }))

    assert.equal(answer.status, 400)
    assert.equal(answer.headers.get('location'), null)
  })

  it('lets scripts of the documentation redeem a code, and no others', async () => {
    const code = (await signIn(createBrowser(), { username: 'alice' })).searchParams.get('code') ?? ''

    const refused = await redeem(code, {}, { origin: 'http://evil.example.org' })
    const allowed = await redeem(code, {}, { origin: 'http://docs.example.org' })

    assert.deepEqual([refused.status, refused.headers.get('access-control-allow-origin')], [400, null])
    assert.deepEqual(
      [allowed.status, allowed.headers.get('access-control-allow-origin')],
      [200, 'http://docs.example.org'],
    )
  })

  it('has a sign-in page on which nothing runs, and whose form may lead back to the documentation', async () => {
    const { page } = await toSignInPage(createBrowser())

    const policy = page.headers.get('content-security-policy') ?? ''
    const style = /<style>([\s\S]*)<\/style>/.exec(await page.text())?.[1] ?? ''
    assert.match(policy, /default-src 'none'/)
    assert.match(policy, /form-action 'self' http:\/\/docs\.example\.org;/)
    assert.match(policy, /frame-ancestors 'none'/)
    assert.ok(policy.includes(`'sha256-${createHash('sha256').update(style).digest('base64')}'`))
  })

  for (const username of ['', '   ', 'x'.repeat(65), 'a\0b']) {
    it(`refuses the username ${JSON.stringify(username).slice(0, 12)}`, async () => {
      const browse = createBrowser()
      const { url } = await toSignInPage(browse)

      const answer = await browse(url, { method: 'POST', body: new URLSearchParams({ username }) })

      assert.equal(answer.status, 422)
      assert.match(await answer.text(), /role="alert">The username must/)
    })
  }

  it('reads no more than 4 KB of a form', async () => {
    const browse = createBrowser()
    const { url } = await toSignInPage(browse)

    const body = new URLSearchParams({ padding: 'x'.repeat(200_000), username: 'alice' })
    const answer = await browse(url, { method: 'POST', body })

    assert.equal(answer.status, 422)
  })

  it('refuses a sign-in that another browser started', async () => {
    const { url } = await toSignInPage(createBrowser())

    const answer = await createBrowser()(url, { method: 'POST', body: new URLSearchParams({ username: 'alice' }) })

    assert.equal(answer.status, 400)
    assert.match(await answer.text(), /has expired/)
  })

  it('says where it is, whatever host it was asked by', async () => {
    const { port } = new URL(issuer)
    const answer = await fetch(`http://localhost:${port}/issuer/.well-known/openid-configuration`).catch(() =>
      fetch(`${issuer}/.well-known/openid-configuration`),
    )
    const metadata = (await answer.json()) as Record<string, string>

    assert.deepEqual(
      ['issuer', 'authorization_endpoint', 'token_endpoint', 'jwks_uri'].map((name) => metadata[name]),
      [issuer, `${issuer}/auth`, `${issuer}/token`, `${issuer}/jwks`],
    )
  })

  it('offers no endpoint that the service does not need', async () => {
    const metadata = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()

    const offered = Object.keys(metadata as object).filter(
      (name) => name.endsWith('_endpoint') || name.startsWith('dpop'),
    )
    assert.deepEqual(offered.sort(), ['authorization_endpoint', 'token_endpoint'])
  })

  it('publishes no private part of its key', async () => {
    const answer = await (await fetch(`${issuer}/jwks`)).text()
    const { d } = await signingKey(dataDirectory)

    assert.doesNotMatch(answer, /"d"|"p"|"q"/)
    assert.ok(!answer.includes(String(d)))
  })

  for (const path of ['', '/', '/nowhere', '/interaction/', '/interaction/unknown']) {
    it(`has nothing to show at ${path || 'its own address'}`, async () => {
      const { status } = await fetch(issuer + path)

      assert.ok(status === 404 || status === 400, `${status}`)
    })
  }

  it('is spoken for by the command line, with a token of the same shape', async () => {
    const { access_token: issued } = await tokensFor({ username: 'alice', super_admin: 'yes' })

    const minted = await mint('alice', ['super_admin'])

    const [first, second] = [decodeJwt(issued), decodeJwt(minted)]
    assert.deepEqual(await authenticate(minted), await authenticate(issued))
    assert.deepEqual(Object.keys(second).sort(), Object.keys(first).sort())
    assert.deepEqual(decodeProtectedHeader(minted), decodeProtectedHeader(issued))
  })

  it('knows the same person by a name in any letter case', async () => {
    const tokens = await Promise.all(['Zoé', 'zoé', 'ZOE\u0301'].map((username) => mint(username)))

    const ids = await Promise.all(tokens.map(async (token) => (await authenticate(token)).userId))

    assert.equal(new Set(ids).size, 1)
  })

  it('knows different people by different names', async () => {
    const tokens = [await mint('alice'), await mint('bob')]

    assert.notEqual(decodeJwt(tokens[0] ?? '').sub, decodeJwt(tokens[1] ?? '').sub)
  })

  it('asks for no consent', async () => {
    const start = authorization({ prompt: 'consent' })

    const answer = next(await createBrowser()(start), start)

    assert.equal(answer.searchParams.get('error'), 'invalid_request')
  })

  it('mints no token for a name that could not sign in', async () => {
    await assert.rejects(mint(' '), InvalidInput)
  })

  it('keeps all of this from the console', () => {
    assert.deepEqual(printed, [])
  })
})
