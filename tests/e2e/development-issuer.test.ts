import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { decodeJwt } from 'jose'
import { PRODUCT } from '../../src/patterns/product.ts'
import { assertProblem } from '../kit/answers.ts'
import { clientOf } from '../kit/client.ts'
import { freshDirectory, runCommand } from '../kit/command.ts'
import { freePorts, type Service, startService } from '../kit/service.ts'

const HELLO = { body: { text: 'Hello.' } }

/** A working directory in which everything is as unset as it can be, but for the ports. */
async function createClientSlot(more: Readonly<Record<string, string>> = {}) {
  const place = await freshDirectory()
  const [port, health] = (await freePorts(2)).map(String) as [string, string]
  const { directory } = place
  const env = { HTTP_PORT: port, HEALTH_PORT: health, ...more }

  async function tokenOf(...words: readonly string[]): Promise<{ token: string }> {
    const { code, stdout, stderr } = await runCommand(['token', ...words], { directory, env })
    assert.deepEqual([code, stderr], [0, ''])
    assert.match(stdout, /^[\w-]+\.[\w-]+\.[\w-]+\n$/)
    return { token: stdout.trim() }
  }

  return { ...place, tokenOf, start: () => startService({ directory, env }) }
}

describe('with nothing but the defaults', () => {
  it('a token is good whether it was made before the service started, while it runs, or before a restart', async () => {
    await using place = await createClientSlot()
    const early = await place.tokenOf('alice')
    let path = ''
    {
      await using service = await place.start()
      const call = clientOf(service)
      const [first, second] = [
        await call(early, 'POST', '/v1/posts', HELLO),
        await call(await place.tokenOf('Alice'), 'GET', '/v1/users/me'),
      ]
      path = first.headers['location'] ?? ''
      assert.equal(first.status, 201)
      assert.deepEqual([second.status, second.body.id], [200, first.body.ownerId])
      assert.equal(await service.stop(), 0)
    }
    await using service = await place.start()
    assert.equal((await clientOf(service)(early, 'GET', path)).body.text, 'Hello.')
  })

  it('a token is for the first of several audiences', async () => {
    await using place = await createClientSlot({ OIDC_AUDIENCE: 'forum, forum-mobile' })
    const alice = await place.tokenOf('alice')
    await using service = await place.start()

    assert.equal(decodeJwt(alice.token).aud, 'forum')
    assert.equal((await clientOf(service)(alice, 'GET', '/v1/users/me')).status, 200)
  })

  describe('while it runs', () => {
    let place: Awaited<ReturnType<typeof createClientSlot>>
    let service: Service
    before(async () => {
      place = await createClientSlot()
      service = await place.start()
    })
    after(async () => {
      await service[Symbol.asyncDispose]()
      await place[Symbol.asyncDispose]()
    })

    it('names are people, and a super admin is made by a role', async () => {
      const call = clientOf(service)
      const [alice, bob, ada] = [
        await place.tokenOf('alice'),
        await place.tokenOf('bob'),
        await place.tokenOf('ada', '--role', 'super_admin'),
      ]
      const path = (await call(alice, 'POST', '/v1/posts', HELLO)).headers['location'] ?? ''
      const { body } = await call(bob, 'GET', '/v1/users/me')

      assert.deepEqual([body.username, body.email], ['bob', 'bob@example.org'])
      assertProblem(await call(bob, 'DELETE', path), 403, 'forbidden')
      assert.equal((await call(ada, 'DELETE', path)).status, 204)
    })

    it('the documentation and the issuer are open, everything else is not', async () => {
      const status = async (path: string) => (await fetch(new URL(path, service.url))).status

      for (const path of [
        '/docs',
        '/redoc',
        '/openapi.json',
        '/issuer/.well-known/openid-configuration',
        '/issuer/jwks',
      ]) {
        assert.equal(await status(path), 200, path)
      }
      for (const path of ['/v1/posts', '/v1/users/me']) assert.equal(await status(path), 401, path)
    })

    it('another service’s tokens are not good here', async () => {
      await using other = await createClientSlot()

      assertProblem(await clientOf(service)(await other.tokenOf('alice'), 'GET', '/v1/users/me'), 401, 'invalid-token')
    })
  })
})

describe('with a public address that is not reachable from the service', () => {
  it('the issuer has that address in its pages and tokens, and its tokens are valid', async () => {
    await using place = await createClientSlot({ PUBLIC_URL: 'https://forum.example/below' })
    await using service = await place.start()
    const issuer = `${service.url}/issuer`
    const found = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as Record<string, string>
    const redirect = 'https://forum.example/below/docs/static/oauth2-redirect.html'
    const parameters = new URLSearchParams({
      client_id: PRODUCT.docsClient,
      response_type: 'code',
      scope: 'openid',
      redirect_uri: redirect,
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    })
    const headers = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' }
    const start = await fetch(`${issuer}/auth?${parameters}`, { redirect: 'manual', headers })
    const { status } = await clientOf(service)(await place.tokenOf('alice'), 'GET', '/v1/users/me')

    const { issuer: named, authorization_endpoint, token_endpoint, jwks_uri } = found
    for (const address of [named, authorization_endpoint, token_endpoint, jwks_uri]) {
      assert.match(address ?? '', /^https:\/\/forum\.example\/below\/issuer(?:\/|$)/)
    }
    assert.match(start.headers.get('location') ?? '', /^(?:https:\/\/forum\.example)?\/below\/issuer\/interaction\//)
    for (const cookie of start.headers.getSetCookie()) assert.match(cookie, /; path=\/below\/issuer\/.*; secure/i)
    assert.equal(status, 200)
  })
})
