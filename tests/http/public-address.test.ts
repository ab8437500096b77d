import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { parseNetwork } from '../../src/controllers/http/client/networks.ts'
import { assertProblem } from '../kit/answers.ts'
import { type Forum, openForum } from '../kit/http.ts'

const signIn = {
  clientId: 'reader',
  addresses: async () => ({ authorization: 'https://a/auth', token: 'https://a/token' }),
}
const docs = { version: '1.2.3', signIn, healthUrl: 'http://127.0.0.1:5000/health-check' }
const trustedProxies = [parseNetwork('127.0.0.1') ?? assert.fail()]
const FORWARDED = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'example.org', 'x-forwarded-prefix': '/forum' }

/** Every answer that contains an address of the service. */
async function addressesIn(
  { call, http, alice }: Forum,
  headers: Readonly<Record<string, string>> = {},
  from = '127.0.0.1',
) {
  const page = async (url: string) => (await http.inject({ url, headers, remoteAddress: from })).body
  const [posted] = [await call(alice, 'POST', '/v1/posts', { body: { text: 'One.' }, headers, from })]
  await call(alice, 'POST', '/v1/posts', { body: { text: 'Two.' }, headers, from })
  const listed = await call(alice, 'GET', '/v1/posts?limit=1&sort=createdAt', { headers, from })
  const refused = await call(alice, 'GET', '/v1/posts/none?secret=1', { headers, from })
  assertProblem(refused, 422, 'validation-failed')
  const redirected = await http.inject({ url: '/docs/json', headers, remoteAddress: from })
  const document = JSON.parse(await page('/openapi.json'))
  return {
    location: posted.headers['location']?.replace(posted.body.id, 'ID'),
    link: listed.headers['link']?.replace(/cursor=[^>]+/, 'cursor=C'),
    instance: refused.body.instance,
    servers: document.servers,
    link_in_description: /\]\(([^)]+)\)/.exec(document.info.description)?.[1],
    redirect: redirected.headers.location,
    files: [...new Set([...(await page('/docs')).matchAll(/(?:src|href)="([^"]+)\/[^"/]+"/g)].map(([, url]) => url))],
    redoc: [...(await page('/redoc')).matchAll(/(?:src|spec-url)="([^"]+)"/g)].map(([, url]) => url),
  }
}

/** The addresses in answers when `/` here is `base` for clients: a URL, or a path. */
const expected = (base: string, path = base) => ({
  location: `${base}/v1/posts/ID`,
  link: `<${base}/v1/posts?limit=1&sort=createdAt&cursor=C>; rel="next"`,
  instance: `${path}/v1/posts/none`,
  servers: [{ url: base || '/' }],
  link_in_description: `${path}/docs`,
  redirect: `${path}/openapi.json`,
  files: [`${path}/docs/static`, `${path}/docs/static/theme`],
  redoc: [`${path}/openapi.json`, `${path}/redoc/redoc.standalone.js`],
})

describe('the addresses in answers', () => {
  let behind: Forum
  before(async () => {
    behind = await openForum({ docs, trustedProxies })
  })
  after(() => behind[Symbol.asyncDispose]())

  it('are paths, when nothing is known of how clients reach the service', async () => {
    await using forum = await openForum({ docs })

    assert.deepEqual(await addressesIn(forum, FORWARDED), expected(''))
  })

  for (const [publicUrl, base, path] of [
    ['https://example.org/forum', 'https://example.org/forum', '/forum'],
    ['http://example.org:8443', 'http://example.org:8443', ''],
    ['https://example.org/a/b%20c', 'https://example.org/a/b%20c', '/a/b%20c'],
  ] as const) {
    it(`are those of ${publicUrl}, whatever a proxy says`, async () => {
      await using forum = await openForum({ docs, publicUrl, trustedProxies })

      assert.deepEqual(await addressesIn(forum), expected(base, path))
      assert.deepEqual(await addressesIn(forum, FORWARDED), expected(base, path))
    })
  }

  for (const [what, headers, base, path] of [
    ['X-Forwarded-Proto, -Host and -Prefix', FORWARDED, 'https://example.org/forum', '/forum'],
    ['a prefix alone', { 'x-forwarded-prefix': '/forum/' }, '/forum', '/forum'],
    ['an address alone', { 'x-forwarded-for': '198.51.100.1' }, '', ''],
    ['a protocol alone, which clients know', { 'x-forwarded-proto': 'https' }, '', ''],
    ['a host alone', { 'x-forwarded-host': 'example.org' }, '', ''],
    [
      'Forwarded',
      { forwarded: 'for=198.51.100.1;proto=https;host="example.org:8443"' },
      'https://example.org:8443',
      '',
    ],
    [
      'Forwarded of several, of whom the outermost knows best',
      {
        forwarded:
          'host=evil.example;proto=http, for=198.51.100.1;host=example.org;proto=https, for=127.0.0.1;host=inner;proto=http',
      },
      'https://example.org',
      '',
    ],
    [
      'the last of several values',
      { 'x-forwarded-proto': 'http, https', 'x-forwarded-host': 'evil.example, example.org' },
      'https://example.org',
      '',
    ],
    ['an IPv6 host', { 'x-forwarded-proto': 'http', 'x-forwarded-host': '[::1]:8080' }, 'http://[::1]:8080', ''],
  ] as const) {
    it(`are those that a trusted proxy names by ${what}`, async () => {
      assert.deepEqual(await addressesIn(behind, headers), expected(base, path))
    })
  }

  it('are taken from no other proxy', async () => {
    const headers = { ...FORWARDED, forwarded: 'proto=https;host=example.org' }

    assert.deepEqual(await addressesIn(behind, headers, '203.0.113.9'), expected(''))
    const contradicting = { ...FORWARDED, 'x-forwarded-for': '1.1.1.1', forwarded: 'for=6.6.6.6' }
    assert.deepEqual(await addressesIn(behind, contradicting), expected(''))
  })

  for (const prefix of [
    'forum',
    '//evil.example',
    '/a//b',
    '/../..',
    '/%2e%2e/x',
    '/"><script>',
    '/a b',
    "/'onload=",
    `/${'a'.repeat(300)}`,
    '/a?b',
    '/\\evil.example',
  ]) {
    it(`never have a prefix such as ${prefix.slice(0, 20)}`, async () => {
      assert.deepEqual(await addressesIn(behind, { 'x-forwarded-prefix': prefix }), expected(''))
    })
  }

  for (const host of [
    'evil.example/x',
    'a b',
    'user@evil.example',
    '"><script>',
    'evil.example:port',
    '-a',
    'a:99999',
  ]) {
    it(`never have a host such as ${host}`, async () => {
      const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': host }

      assert.deepEqual(await addressesIn(behind, headers), expected(''))
    })
  }
})

describe('the page at /', () => {
  it('leads to all pages that there are, and loads nothing from elsewhere', async () => {
    await using forum = await openForum({ docs })
    const { statusCode, headers, body } = await forum.http.inject('/')
    const links = [...body.matchAll(/<a href="([^"]+)"/g)].map(
      ([, url]) => new URL(String(url), 'http://forum.example/'),
    )
    const ours = links.filter(({ host }) => host === 'forum.example').map(({ pathname }) => pathname)

    assert.deepEqual([statusCode, headers['content-type']], [200, 'text/html; charset=utf-8'])
    assert.match(String(headers['content-security-policy']), /^default-src 'none'; style-src 'sha256-[^']+'; /)
    assert.match(String(headers['content-security-policy']), /; frame-ancestors 'none'$/)
    assert.deepEqual([headers['x-content-type-options'], headers['x-frame-options']], ['nosniff', 'DENY'])
    assert.deepEqual(ours, ['/docs', '/redoc', '/openapi.json'])
    assert.ok(links.some(({ href }) => href === docs.healthUrl))
    for (const url of ours) assert.equal((await forum.http.inject(url)).statusCode, 200, url)
    assert.doesNotMatch(body, /<script|(?:src|<link[^>]+href)="(?!\.\/)/)
  })

  it('is there for HEAD, whatever a client accepts, and for nothing else', async () => {
    await using forum = await openForum({ docs })
    const [head, json, post] = [
      await forum.http.inject({ method: 'HEAD', url: '/' }),
      await forum.http.inject({ url: '/', headers: { accept: 'application/json' } }),
      await forum.http.inject({ method: 'POST', url: '/' }),
    ]

    assert.deepEqual([head.statusCode, head.body, json.statusCode], [200, '', 200])
    assert.deepEqual([post.statusCode, post.headers.allow], [405, 'GET, HEAD'])
  })

  it('does not lead to health behind a proxy, where it is not reached', async () => {
    await using forum = await openForum({ docs, publicUrl: 'https://example.org/forum' })

    assert.doesNotMatch((await forum.http.inject('/')).body, /health/i)
  })

  it('says how to get a token where there is a command for it', async () => {
    await using forum = await openForum({ docs: { ...docs, tokenCommand: 'npm run token -- alice' } })

    assert.match((await forum.http.inject('/')).body, /<code>npm run token -- alice<\/code>/)
  })
})
