import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { PRODUCT } from '../../src/patterns/product.ts'
import { type Answer, assertProblem } from '../kit/answers.ts'
import type { BadToken } from '../kit/bad-tokens.ts'
import { ROUTES } from '../kit/forum-routes.ts'
import { type Forum, openForum } from '../kit/http.ts'
import { setUpProvider } from '../kit/oidc-provider.ts'
import { exampleBody } from '../kit/routes.ts'
import { startTestIssuer } from '../kit/test-issuer.ts'

const ID = '01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f'

/** All that may be seen without a token. A new route is not among them unless somebody writes it down here. */
const PUBLIC = [
  /^\/$/,
  /^\/docs(\/.*)?$/,
  /^\/redoc(\/.*)?$/,
  /^\/openapi\.json$/,
  /^\/issuer\/\*$/,
  /^\/v1\/authentication\/webhook\//,
]
const isPublic = (url: string): boolean => PUBLIC.some((path) => path.test(url))

const everythingElse = Object.entries(ROUTES)
  .flatMap(([url, methods]) => methods.map((method) => `${method} ${url}`))
  .sort()

/** No part of a token comes back, and no text of its claims but what the issuer and the audience must be. */
function assertRepeatsNothing({ headers, text }: Answer, authorization: string, expected: string, name: string): void {
  const exposed = `${headers['www-authenticate']} ${text}`.replaceAll(expected, '').replaceAll(PRODUCT.namespace, '')
  const parts = authorization.split(/[ .,]+/).filter((part) => part.length > 6)
  const claims = parts.flatMap(
    (part) =>
      Buffer.from(part, 'base64url')
        .toString()
        .match(/[\w/:.-]{7,}/g) ?? [],
  )
  const repeated = [...parts, ...claims].filter((part) => exposed.includes(part))
  assert.deepEqual(repeated, [], name)
}

describe('without a valid token', () => {
  let forum: Forum
  let bad: readonly BadToken[]
  let reached = 0
  before(async () => {
    forum = await openForum({
      docs: {
        version: '1.2.3',
        signIn: {
          clientId: 'docs',
          addresses: async () => ({ authorization: 'http://a/auth', token: 'http://a/token' }),
        },
      },
      rawHandlers: [{ path: '/issuer', handle: (_request, response) => void response.end() }],
    })
    bad = await forum.issuer.badTokens()
    for (const service of Object.values(forum.services)) spyOn(service)
  })
  after(() => forum[Symbol.asyncDispose]())

  function spyOn(service: object): void {
    for (const [name, method] of Object.entries(service)) {
      const counted = (...args: unknown[]) => {
        reached++
        return method(...args)
      }
      Object.assign(service, { [name]: counted })
    }
  }

  const protectedRoutes = () => forum.routes.filter(({ url }) => !isPublic(url))
  const pathOf = (url: string) => url.replace(':id', ID)
  /** Streams are asked for in a way that is refused after authentication: else they would not end. */
  const isStream = (url: string) => url.endsWith('/stream')
  const sent = (method: string, url: string) => {
    if (isStream(url)) return { headers: { 'last-event-id': 'none' } }
    const body = exampleBody(forum.routes, method, url)
    return body === undefined ? {} : { body }
  }

  it('only the documentation and the development issuer are served', () => {
    assert.deepEqual(
      protectedRoutes()
        .map(({ method, url }) => `${method} ${url}`)
        .sort(),
      everythingElse,
    )
  })

  for (const route of everythingElse) {
    it(`${route} refuses every request`, async () => {
      const [method, url] = route.split(' ') as [string, string]

      for (const { name, authorization } of bad) {
        const headers = authorization === null ? {} : { authorization }
        const answer = await forum.call(null, method, pathOf(url), { ...sent(method, url), headers })
        const isMissing = authorization === null

        assert.equal(answer.status, 401, name)
        assert.equal(answer.headers['www-authenticate'] === 'Bearer', isMissing, name)
        if (!isMissing) assertRepeatsNothing(answer, authorization, forum.issuer.issuer, name)
        if (method === 'HEAD') continue
        assertProblem(answer, 401, isMissing ? 'authentication-required' : 'invalid-token')
      }

      assert.ok(bad.length > 100)
      assert.equal(reached, 0, 'no service is called')
    })
  }

  it('nothing is kept, and nothing is fetched for it but the keys', () => {
    const { discovery, jwks, others } = forum.issuer.fetches

    assert.deepEqual([forum.state.user.size, forum.state.outbox.length], [0, 0])
    assert.equal(others, 0)
    assert.ok(discovery <= 2 && jwks <= 2, `${discovery} and ${jwks} for ${forum.lines.length} requests`)
  })

  it('the description of the error fits into a header, whatever the audience is called', async () => {
    await using issuer = await startTestIssuer()
    const audiences = ['the "forum" \\ of Zoë\n']
    await using other = await openForum({ identity: setUpProvider(issuer, { audiences }) })
    const headers = { authorization: `Bearer ${await issuer.token()}` }

    const answer = await other.http.inject({ url: '/v1/posts', headers })

    assert.equal(
      answer.headers['www-authenticate'],
      'Bearer error="invalid_token", error_description="The audience of the token is not the ?forum? ? of Zo??."',
    )
    assert.equal(answer.json().detail, `The audience of the token is not ${audiences}.`)
  })

  it('the same requests get through with one', async () => {
    for (const { method, url } of protectedRoutes()) {
      const { status } = await forum.call(forum.alice, method, pathOf(url), sent(method, url))
      assert.notEqual(status, 401, `${method} ${url}`)
    }
    assert.equal(reached, everythingElse.filter((route) => !isStream(route)).length)
  })
})
