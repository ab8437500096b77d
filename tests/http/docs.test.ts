import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { type Forum, openForum } from '../kit/http.ts'
import { exchange } from '../kit/raw-http.ts'

const FILE = '/docs/static/index.css'

/** What plugins and the router refuse, each in a way of its own. */
const REFUSED: readonly (readonly [path: string, headers: Record<string, string>, expected: string])[] = [
  ['/docs/static/%00', {}, '403 forbidden'],
  ['/docs/static/index.css%00', {}, '403 forbidden'],
  ['/docs/static//', {}, '403 forbidden'],
  ['/docs/static//index.css', {}, '403 forbidden'],
  ['/docs/static/%2e%2e/index.js', {}, '404 not-found'],
  ['/docs/static/..%5c..%5cindex.js', {}, '403 forbidden'],
  ['/docs/static/%2fetc%2fpasswd', {}, '404 not-found'],
  ['/docs/static/.hidden', {}, '404 not-found'],
  [`/docs/static/${'a'.repeat(300)}`, {}, '403 forbidden'],
  ['/docs/static/%', {}, '400 malformed-request'],
  ['/docs/static/%ff', {}, '400 malformed-request'],
  ['/docs/%2e%2e/secret', {}, '404 not-found'],
  ['/docs/%00', {}, '404 not-found'],
  ['/docs//', {}, '404 not-found'],
  ['/redoc/../secret', {}, '404 not-found'],
  ['/redoc/%00', {}, '404 not-found'],
  ['/redoc/%', {}, '400 malformed-request'],
  ['/openapi.json/', {}, '404 not-found'],
  ['/openapi.json%00', {}, '404 not-found'],
  [FILE, { range: 'bytes=99999999-' }, '416 range-not-satisfiable'],
  [FILE, { range: 'bytes=99999999-99999999' }, '416 range-not-satisfiable'],
  [FILE, { 'if-match': '"another"' }, '412 stale-version'],
  [FILE, { 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' }, '412 stale-version'],
]

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

  for (const [path, headers, expected] of REFUSED) {
    it(`refuse ${path.slice(0, 40)} ${JSON.stringify(headers)} with ${expected}, and log no failure`, async () => {
      const before = forum.lines.length
      const answer = await get(path, headers)

      assert.equal(`${answer.statusCode} ${answer.json().code}`, expected)
      assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
      const lines = forum.lines.slice(before)
      assert.equal(lines.length, 1)
      assert.doesNotMatch(lines.join(''), /"error"|stack/)
    })
  }

  it('refuse paths that clients normalise, as they come over the wire', async () => {
    await forum.http.listen({ port: 0, host: '127.0.0.1' })
    const { port } = forum.http.server.address() as AddressInfo
    const paths = [
      '/docs/static/./index.css',
      '/docs/static/a/../index.css',
      '/docs/static/../index.js',
      '/docs/../docs',
    ]
    const bytes = paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: forum\r\n\r\n`).join('')

    const { answers } = await exchange(port, [bytes], paths.length)

    assert.deepEqual(
      answers.map(({ status }) => status),
      [403, 403, 403, 404],
    )
  })

  it('name the length of the file when a range lies outside of it', async () => {
    const { headers } = await get('/docs/static/index.css', { range: 'bytes=99999999-' })

    assert.match(String(headers['content-range']), /^bytes \*\/\d+$/)
  })

  it('send a file, a part of it, or nothing when its reader has it', async () => {
    const whole = await get('/docs/static/index.css')
    const etag = String(whole.headers.etag)
    const part = await get('/docs/static/index.css', { range: 'bytes=0-9' })
    const known = await get('/docs/static/index.css', { 'if-none-match': etag })
    const stale = await get('/docs/static/index.css', { range: 'bytes=0-9', 'if-range': '"another"' })

    assert.deepEqual([part.statusCode, part.body], [206, whole.body.slice(0, 10)])
    assert.deepEqual([known.statusCode, known.body], [304, ''])
    assert.deepEqual([stale.statusCode, stale.body], [200, whole.body])
  })

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
