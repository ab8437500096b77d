/**
 * Group B: what is good HTTP, but no good request, with a valid token. Not here: B11 (no numbers in bodies) and B35
 * (If-Match is not required), as nothing of the kind exists, and B42 and B43, which are tests/http/idempotency and
 * rate-limit.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { encodeCursor } from '../../src/controllers/api/cursor.ts'
import type { Answer } from '../kit/answers.ts'
import { openTarget, type Target } from '../kit/attacks.ts'
import type { Call } from '../kit/http.ts'

const NOBODY = '01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f'
const LIST = 'posts -createdAt {}'

const malformed = [400, 'malformed-request'] as const
const invalid = [422, 'validation-failed'] as const
const noType = [415, 'unsupported-media-type'] as const
const tooLarge = [413, 'payload-too-large'] as const
const noCursor = [422, 'invalid-cursor'] as const
const notFound = [404, 'not-found'] as const

const typed = (type: string, payload: string): Call => ({ payload, headers: { 'content-type': type } })
const keyed = (key: string) => ({ body: { text: 'a' }, headers: { 'idempotency-key': key } })
const nested = (depth: number): string => `{"text":"a","deep":${'['.repeat(depth)}${']'.repeat(depth)}}`
const keys = (count: number): string =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, n) => [`key${n}`, n])))
const forged = (time: number): string => encodeCursor(LIST, { at: { getTime: () => time } as Date, id: NOBODY })

type Post = readonly [id: string, what: string, sent: Call, status: number, code: string]
const posts: readonly Post[] = [
  ['B01', 'an empty body', { payload: '' }, ...malformed],
  ['B02', 'half of an object', { payload: '{"text":' }, ...malformed],
  ['B02', 'a comma too many', { payload: '{"text":"a",}' }, ...malformed],
  ['B02', 'NaN', { payload: '{"text":NaN}' }, ...malformed],
  ['B02', 'a remark', { payload: '{"text":"a"} // b' }, ...malformed],
  ['B02', 'two documents', { payload: '{"text":"a"}{"text":"b"}' }, ...malformed],
  ['B03', 'a list', { payload: '[]' }, ...invalid],
  ['B03', 'null', { payload: 'null' }, ...invalid],
  ['B03', 'a string', { payload: '"text"' }, ...invalid],
  ['B03', 'a number', { payload: '1' }, ...invalid],
  ['B04', '__proto__', { payload: '{"text":"a","__proto__":{"isAdmin":true}}' }, ...malformed],
  ['B04', '__proto__ in disguise', { payload: '{"text":"a","\\u005f_proto__":{"isAdmin":true}}' }, ...malformed],
  ['B04', '__proto__ within', { payload: '{"text":{"__proto__":null}}' }, ...malformed],
  ['B05', 'constructor.prototype', { payload: '{"text":"a","constructor":{"prototype":{"a":1}}}' }, ...malformed],
  ['B07', 'the owner', { body: { text: 'a', ownerId: NOBODY } }, ...invalid],
  ['B07', 'the id', { body: { text: 'a', id: NOBODY } }, ...invalid],
  ['B07', 'the time', { body: { text: 'a', createdAt: '2020-01-01T00:00:00.000Z' } }, ...invalid],
  ['B07', 'the version', { body: { text: 'a', version: 1 } }, ...invalid],
  ['B07', 'a right', { body: { text: 'a', isAdmin: true } }, ...invalid],
  ['B09', 'a number for a text', { body: { text: 5 } }, ...invalid],
  ['B09', 'a list for a text', { body: { text: ['a'] } }, ...invalid],
  ['B09', 'a truth for a text', { body: { text: true } }, ...invalid],
  ['B10', 'null for a text', { body: { text: null } }, ...invalid],
  ['B11', 'a number beyond all numbers for a text', { payload: '{"text":1e999}' }, ...invalid],
  ['B12', 'NUL in a text', { payload: '{"text":"a\\u0000b"}' }, ...invalid],
  ['B13', 'half a character in a text', { payload: '{"text":"a\\ud800b"}' }, ...invalid],
  ['B13', 'half a character for a text', { payload: '{"text":"\\udfff"}' }, ...invalid],
  ['B14', 'bytes that are no UTF-8', { payload: Buffer.from('{"text":"\xff\xfe"}', 'latin1') }, ...malformed],
  ['B14', 'UTF-8 that is too long', { payload: Buffer.from('{"text":"\xc0\xaf"}', 'latin1') }, ...malformed],
  ['B16', 'only white space', { body: { text: ' \t\n\u00a0\u3000 ' } }, ...invalid],
  ['B16', 'only characters without width', { body: { text: '\u200b\u200d\u2060' } }, ...invalid],
  ['B16', 'only a change of direction', { body: { text: '\u202e\u2066' } }, ...invalid],
  ['B17', 'one character too many', { body: { text: '🐯'.repeat(10_001) } }, ...invalid],
  ['B18', 'a field 20,000 deep', { payload: nested(20_000) }, ...invalid],
  ['B18', 'a field 100,000 deep', { payload: nested(100_000) }, ...invalid],
  ['B18', 'an object that never ends', { payload: '{"a":'.repeat(50_000) }, ...malformed],
  ['B19', '10,000 fields', { payload: keys(10_000) }, ...invalid],
  ['B19', 'a megabyte of an object that never ends', { payload: '{"a":'.repeat(200_000) }, ...tooLarge],
  ['B20', 'no media type', typed('', '{"text":"a"}'), ...noType],
  ['B21', 'JSON as text/plain', typed('text/plain', '{"text":"a"}'), ...noType],
  ['B21', 'JSON as text/plain that mentions JSON', typed('text/plain; application/json', '{"text":"a"}'), ...noType],
  ['B22', 'XML', typed('application/xml', '<text>a</text>'), ...noType],
  ['B22', 'a form', typed('application/x-www-form-urlencoded', 'text=a'), ...noType],
  ['B22', 'parts', typed('multipart/form-data; boundary=b', '--b\r\n\r\na\r\n--b--'), ...noType],
  ['B40', 'an empty key', keyed(''), ...invalid],
  ['B40', 'a key too long', keyed('k'.repeat(256)), ...invalid],
  ['B40', 'a key with a control character', keyed('a\u0000b'), ...invalid],
  ['B23', 'a bomb', { payload: Buffer.alloc(99), headers: { 'content-encoding': 'gzip' } }, ...noType],
]

type Get = readonly [id: string, path: string, status: number, code: string]
const gets: readonly Get[] = [
  ['B26', '/v1/posts/abc', ...invalid],
  ['B26', '/v1/posts/%00', ...invalid],
  ['B26', '/v1/posts/%zz', ...malformed],
  ['B26', '/v1/posts/..%2f..%2fetc%2fpasswd', ...invalid],
  ['B26', '/v1/posts/../../etc/passwd', ...notFound],
  ['B27', `/v1/posts/%7B${NOBODY}%7D`, ...invalid],
  ['B27', `/v1/posts/${NOBODY.replaceAll('-', '')}`, ...invalid],
  ['B27', '/v1/posts/00000000-0000-0000-0000-000000000000', 404, 'post-not-found'],
  ['B27', '/v1/posts/c232ab00-9414-11ec-b3c8-9e6bdeced846', 404, 'post-not-found'],
  ['B27', `/v1/posts/${NOBODY.toUpperCase()}`, 404, 'post-not-found'],
  ...[
    'limit=0',
    'limit=-1',
    'limit=101',
    'limit=1e9',
    'limit=abc',
    'limit=1&limit=2',
    'limit=0x10',
    'limit=%31%00',
  ].map((query): Get => ['B28', `/v1/posts?${query}`, ...invalid]),
  ['B29', '/v1/posts?cursor=AAAA', ...noCursor],
  ['B29', `/v1/posts?cursor=${'A'.repeat(100 * 1024)}`, ...noCursor],
  ...[8.64e15, -8.64e15, 9e15, 253_402_300_800_000, -62_135_596_800_001].map(
    (time): Get => ['B29', `/v1/posts?cursor=${forged(time)}`, ...noCursor],
  ),
  ...['sort=title;drop', 'sort[$ne]=a', 'ownerId[$ne]=1', 'ownerId={"$gt":""}', 'filter={"$gt":""}', '$where=1'].map(
    (query): Get => ['B30', `/v1/posts?${query}`, ...invalid],
  ),
  ...['0000-12-31T23:59:59Z', '9999-12-31T23:59:59-23:59', '2016-12-31T23:59:60Z', "2026' or '1'='1"].map(
    (time): Get => ['B30', `/v1/posts?createdFrom=${encodeURIComponent(time)}`, ...invalid],
  ),
  ['B33', '/v1/posts/', ...notFound],
  ['B33', '//v1/posts', ...notFound],
  ['B33', '/V1/posts', ...notFound],
  ['B33', '/v1/posts;admin=true', ...notFound],
  ['B33', '/v1/posts%2f', ...notFound],
]

describe('content attacks', () => {
  let target: Target
  before(async () => {
    target = await openTarget()
  })
  after(() => target[Symbol.asyncDispose]())

  const post = (sent: Call): Promise<Answer> => target.call(target.alice, 'POST', '/v1/posts', sent)
  const get = (path: string, headers = {}): Promise<Answer> => target.call(target.alice, 'GET', path, { headers })
  const write = async (text: string) => (await post({ body: { text } })).body

  for (const [id, what, sent, status, code] of posts) {
    it(`${id} ${what}: ${status} ${code}`, () => target.refuses(() => post(sent), status, code))
  }

  for (const [id, path, status, code] of gets) {
    it(`${id} ${path.slice(0, 70)}: ${status} ${code}`, () => target.refuses(() => get(path), status, code))
  }

  it('B04 nothing sticks to prototypes', () => {
    assert.deepEqual([({} as { isAdmin?: boolean }).isAdmin, Object.keys(Object.prototype)], [undefined, []])
  })

  it('B08 of two equal keys the last one counts', async () => {
    assert.equal((await post({ payload: '{"text":"first","text":"last"}' })).body.text, 'last')
  })

  it('B15 a byte order mark is accepted, and is no part of the text', async () => {
    assert.equal((await post({ payload: '\ufeff{"text":"a"}' })).body.text, 'a')
  })

  it('B17 the longest text is taken, of whatever it is made, and comes back as it was', async () => {
    for (const one of ['🐯', '👩‍👩‍👧‍👦', 'e\u0301', '中']) {
      const text = one.repeat(Math.floor(10_000 / [...one].length))
      assert.equal((await get(`/v1/posts/${(await write(text)).id}`)).body.text, text)
    }
  })

  it('B25 a client that accepts only XML is refused', () =>
    target.refuses(() => get('/v1/posts', { accept: 'application/xml' }), 406, 'not-acceptable'))

  it('B31 the texts of attacks on databases are texts', async () => {
    for (const text of ["' OR 1=1--", '%', '_', '\\', '"; drop table posts; --', '{"$gt":""}', '$1', ':id', '?']) {
      assert.equal((await get(`/v1/posts/${(await write(text)).id}`)).body.text, text)
    }
  })

  it('B32 texts that attack readers are stored as text and sent as a type that browsers do not execute', async () => {
    for (const text of ['<script>alert(1)</script>', 'a\r\nSet-Cookie: b=c', '\u001b[31mred', '{{7*7}}', '=cmd|a']) {
      target.lines.splice(0)
      const { headers, text: raw, body } = await post({ body: { text } })
      assert.equal(body.text, text)
      assert.equal(headers['content-type'], 'application/json; charset=utf-8')
      assert.equal(headers['x-content-type-options'], 'nosniff')
      assert.equal(headers['set-cookie'], undefined)
      assert.doesNotMatch(raw, /\p{Cc}/u)
      assert.deepEqual(
        target.lines.map((line) => line.split('\n').length),
        [2],
      )
    }
  })

  it('B34 no answer allows all origins', async () => {
    const { headers } = await get('/v1/posts', { origin: 'https://evil.example' })
    assert.equal(headers['access-control-allow-origin'], undefined)
  })

  const tags: readonly (readonly [tag: string, status: number, code: string])[] = [
    ['"old"', 412, 'stale-version'],
    ['W/"2"', 412, 'stale-version'],
    ['"1e0"', 412, 'stale-version'],
    ['"01"', 412, 'stale-version'],
    ['garbage', ...invalid],
    ['"1" "2"', ...invalid],
    ['*, "1"', ...invalid],
    [Array(1_000).fill('"1"').join(','), ...invalid],
  ]
  for (const [tag, status, code] of tags) {
    it(`B36 If-Match: ${tag.slice(0, 20)}: ${status} ${code}`, async () => {
      const { id } = await write('a')
      const sent = { body: { text: 'b' }, headers: { 'if-match': tag } }
      await target.refuses(() => target.call(target.alice, 'PUT', `/v1/posts/${id}`, sent), status, code)
      const { headers } = sent
      await target.refuses(() => target.call(target.alice, 'DELETE', `/v1/posts/${id}`, { headers }), status, code)
    })
  }

  it('B36 If-Match: * is any version that there is', async () => {
    const { id } = await write('a')
    const sent = { body: { text: 'b' }, headers: { 'if-match': '*' } }
    assert.equal((await target.call(target.alice, 'PUT', `/v1/posts/${id}`, sent)).status, 200)
    await target.refuses(() => target.call(target.alice, 'PUT', `/v1/posts/${NOBODY}`, sent), 404, 'post-not-found')
  })

  it('B41 a key is good for one request: not for another body', async () => {
    await post(keyed('mine'))
    const { headers } = keyed('mine')

    await target.refuses(() => post({ body: { text: 'b' }, headers }), 422, 'idempotency-key-reused')
  })

  it('B37 what is known is not sent again', async () => {
    const { id } = await write('a')
    const { status, headers, text } = await get(`/v1/posts/${id}`, { 'if-none-match': '"1"' })
    assert.deepEqual([status, headers['etag'], text], [304, '"1"', ''])
  })

  it('B38 B39 what is gone is gone: for a second removal, and for every use', async () => {
    const { id } = await write('a')
    const path = `/v1/posts/${id}`
    assert.equal((await target.call(target.alice, 'DELETE', path)).status, 204)

    const uses: readonly (() => Promise<Answer>)[] = [
      () => target.call(target.alice, 'DELETE', path),
      () => get(path),
      () => target.call(target.alice, 'PUT', path, { body: { text: 'b' } }),
    ]
    await get('/v1/users/me')
    await target.call(target.bob, 'GET', '/v1/users/me')
    for (const use of uses) await target.refuses(use, 404, 'post-not-found')
  })
})
