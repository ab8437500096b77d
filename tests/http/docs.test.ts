import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Forum, openForum } from '../kit/http.ts'

const address = (path: string) => `https://issuer.example.org:8443/realms/forum${path}`

describe('the documentation pages', () => {
  let forum: Forum
  let asked = 0
  const signIn = {
    clientId: 'reader',
    async addresses() {
      asked++
      return { authorization: address('/sign-in'), token: address('/token') }
    },
  }

  before(async () => {
    forum = await openForum({ docs: { version: '1.2.3', signIn } })
  })
  after(() => forum[Symbol.asyncDispose]())

  const get = (url: string, headers: Record<string, string> = {}) => forum.http.inject({ url, headers })

  it('do not ask for the issuer before they are read', () => {
    assert.equal(asked, 0)
  })

  for (const [path, type] of [
    ['/docs', 'text/html'],
    ['/docs/static/oauth2-redirect.html', 'text/html'],
    ['/redoc', 'text/html'],
    ['/redoc/redoc.standalone.js', 'text/javascript'],
    ['/openapi.json', 'application/json'],
  ] as const) {
    it(`answer ${path} to everyone`, async () => {
      const { statusCode, headers } = await get(path)

      assert.equal(statusCode, 200)
      assert.match(String(headers['content-type']), new RegExp(`^${type}`))
      assert.equal(headers['x-content-type-options'], 'nosniff')
      assert.match(String(headers['content-security-policy']), /; frame-ancestors 'none'$/)
    })
  }

  it('may load what is served here, and nothing may be evaluated', async () => {
    const policies = (await Promise.all(['/docs', '/redoc'].map((path) => get(path)))).map(policyOf)
    const [swaggerUi, redoc] = policies

    for (const policy of policies) {
      assert.equal(policy.get('default-src'), "'self'")
      assert.equal(policy.get('script-src'), undefined)
    }
    assert.equal(swaggerUi?.get('connect-src'), "'self' https://issuer.example.org:8443")
    assert.equal(swaggerUi?.get('style-src'), undefined)
    assert.equal(redoc?.get('connect-src'), undefined)
    assert.equal(redoc?.get('style-src'), "'self' 'unsafe-inline'")
  })

  it('fill in who they are, and keep no token', async () => {
    const { body } = await get('/docs/static/swagger-initializer.js')

    assert.match(body, /"clientId":"reader"/)
    assert.match(body, /"usePkceWithAuthorizationCodeGrant":true/)
    assert.match(body, /"persistAuthorization":false/)
    assert.match(body, /validatorUrl: null/)
  })

  it('show the one document', async () => {
    for (const path of ['/docs/json', '/docs/yaml']) {
      const { statusCode, headers } = await get(path)
      assert.equal(`${statusCode} ${headers.location}`, '302 /openapi.json')
    }
  })

  it('send the bundle of ReDoc once, without the picture of a foreign host', async () => {
    const first = await get('/redoc/redoc.standalone.js')
    const again = await get('/redoc/redoc.standalone.js', { 'if-none-match': String(first.headers.etag) })

    assert.doesNotMatch(first.body, /cdn\.redoc\.ly/)
    assert.equal(`${again.statusCode} ${again.body.length}`, '304 0')
  })

  for (const path of [
    '/docs/static/nothing.js',
    '/docs/static/..%2f..%2findex.js',
    '/docs/nothing',
    '/redoc/nothing',
  ]) {
    it(`answer 404 to ${path}`, async () => {
      const answer = await get(path)

      assert.equal(`${answer.statusCode} ${answer.json().code}`, '404 not-found')
    })
  }

  for (const path of ['/docs', '/redoc', '/openapi.json', '/docs/static/index.css']) {
    it(`answer 405 to a POST at ${path}`, async () => {
      const { statusCode, headers } = await forum.http.inject({ method: 'POST', url: path })

      assert.equal(`${statusCode} ${headers.allow}`, '405 GET, HEAD')
    })
  }
})

function policyOf({ headers }: { headers: Readonly<Record<string, unknown>> }): ReadonlyMap<string, string> {
  const rules = String(headers['content-security-policy']).split('; ')
  return new Map(rules.map((rule) => [rule.split(' ', 1)[0] ?? '', rule.slice(rule.indexOf(' ') + 1)]))
}
