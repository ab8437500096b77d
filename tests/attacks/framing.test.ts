/**
 * Group A: what is no good HTTP, byte by byte, against a server that listens. Not here: A24 (tests/http/unknown-routes)
 * and A30 (tests/http/access-log and rate-limit).
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openTarget, PATIENCE, type Target } from '../kit/attacks.ts'
import { exchange, type Part } from '../kit/raw-http.ts'

const BODY = '{"text":"Smuggled."}'
const JSON_TYPE = 'Content-Type: application/json'
const LENGTH = `Content-Length: ${BODY.length}`
const CHUNKED = 'Transfer-Encoding: chunked'
const KB = 1024

type Row = readonly [id: string, what: string, parts: (good: Good) => readonly Part[], status: number, code: string]
type Good = Readonly<{ host: string; token: string }>

const request = (line: string, ...fields: readonly string[]): string => `${line}\r\n${fields.join('\r\n')}\r\n\r\n`
const post = ({ host, token }: Good, fields: readonly string[], body: string): string =>
  request('POST /v1/posts HTTP/1.1', host, token, JSON_TYPE, ...fields) + body
const get = ({ host, token }: Good, ...fields: readonly string[]): string =>
  request('GET /v1/posts HTTP/1.1', host, token, ...fields)

const malformed = [400, 'malformed-request'] as const
const tooLarge = [413, 'payload-too-large'] as const
const headersTooLarge = [431, 'headers-too-large'] as const
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`

const rows: readonly Row[] = [
  [
    'A01',
    'a length and chunks',
    (good) => [post(good, ['Content-Length: 4', CHUNKED], `0\r\n\r\n${get(good)}`)],
    ...malformed,
  ],
  ['A01', 'chunks and a length', (good) => [post(good, [CHUNKED, LENGTH], `${chunk(BODY)}0\r\n\r\n`)], ...malformed],
  ['A02', 'two lengths', (good) => [post(good, [LENGTH, 'Content-Length: 4'], BODY)], ...malformed],
  ['A02', 'two lengths in one', (good) => [post(good, [`${LENGTH}, ${BODY.length}`], BODY)], ...malformed],
  ['A03', 'a negative length', (good) => [post(good, ['Content-Length: -1'], BODY)], ...malformed],
  ['A03', 'a length with a sign', (good) => [post(good, [`Content-Length: +${BODY.length}`], BODY)], ...malformed],
  ['A03', 'a length in another base', (good) => [post(good, ['Content-Length: 0x14'], BODY)], ...malformed],
  [
    'A03',
    'a length beyond all numbers',
    (good) => [post(good, [`Content-Length: ${'9'.repeat(30)}`], BODY)],
    ...malformed,
  ],
  [
    'A04',
    'an unknown transfer encoding',
    (good) => [post(good, ['Transfer-Encoding: xchunked'], `${BODY}${get(good)}`)],
    ...malformed,
  ],
  [
    'A04',
    'chunks that are packed',
    (good) => [post(good, ['Transfer-Encoding: chunked, gzip'], chunk(BODY))],
    ...malformed,
  ],
  [
    'A04',
    'a hidden transfer encoding',
    (good) => [post(good, ['Transfer-Encoding : chunked'], chunk(BODY))],
    ...malformed,
  ],
  ['A05', 'a chunk of size zz', (good) => [post(good, [CHUNKED], `zz\r\n${BODY}\r\n0\r\n\r\n`)], ...malformed],
  [
    'A05',
    'a chunk that is longer than it says',
    (good) => [post(good, [CHUNKED], `2\r\n${BODY}\r\n0\r\n\r\n`)],
    ...malformed,
  ],
  [
    'A05',
    'a chunk of a size beyond all numbers',
    (good) => [post(good, [CHUNKED], `${'f'.repeat(20)}\r\n`)],
    ...malformed,
  ],
  ['A06', 'NUL in a header', (good) => [get(good, 'X-Nul: a\0b')], ...malformed],
  ['A06', 'a carriage return in a header', (good) => [get(good, 'X-Cr: a\rX-Injected: b')], ...malformed],
  ['A06', 'a header without a name', (good) => [get(good, ': value')], ...malformed],
  ['A07', 'bare line feeds', (good) => [get(good).replaceAll('\r\n', '\n')], ...malformed],
  ['A08', 'a folded header', (good) => [get(good, 'X-Folded: a\r\n b')], ...malformed],
  ['A10', 'no Host', ({ token }) => [request('GET /v1/posts HTTP/1.1', token)], ...malformed],
  ['A10', 'two Hosts', (good) => [get(good, 'Host: evil.example')], ...malformed],
  [
    'A10',
    'a Host with a space',
    ({ token }) => [request('GET /v1/posts HTTP/1.1', 'Host : forum', token)],
    ...malformed,
  ],
  ['A12', 'a header of 20 KB', (good) => [get(good, `X-Large: ${'a'.repeat(20 * KB)}`)], ...headersTooLarge],
  ['A13', '2,500 headers', (good) => [get(good, ...Array(2_500).fill('a: b'))], ...headersTooLarge],
  [
    'A14',
    'a URL of 20 KB',
    ({ host, token }) => [request(`GET /v1/posts?cursor=${'a'.repeat(20 * KB)} HTTP/1.1`, host, token)],
    ...headersTooLarge,
  ],
  [
    'A15',
    'an id of 300 characters',
    ({ host, token }) => [request(`GET /v1/posts/${'a'.repeat(300)} HTTP/1.1`, host, token)],
    422,
    'validation-failed',
  ],
  [
    'A15',
    'an id of 10 KB',
    ({ host, token }) => [request(`GET /v1/posts/${'a'.repeat(10 * KB)} HTTP/1.1`, host, token)],
    422,
    'validation-failed',
  ],
  [
    'A16',
    'one byte too many',
    (good) => [post(good, [`Content-Length: ${256 * KB + 1}`], BODY.padEnd(256 * KB + 1))],
    ...tooLarge,
  ],
  [
    'A17',
    'a length of a gigabyte, and one byte',
    (good) => [post(good, ['Content-Length: 999999999'], '{')],
    ...tooLarge,
  ],
  [
    'A18',
    'chunks without end',
    (good) => [post(good, [CHUNKED], ''), ...Array(20).fill(chunk('a'.repeat(16 * KB)))],
    ...tooLarge,
  ],
  [
    'A18',
    'a chunk extension of 17 KB',
    (good) => [post(good, [CHUNKED], `1;${'a'.repeat(17 * KB)}\r\n{\r\n`)],
    ...tooLarge,
  ],
  ['A22', 'an unknown method', ({ host, token }) => [request('FOO /v1/posts HTTP/1.1', host, token)], ...malformed],
  [
    'A22',
    'a method in small letters',
    ({ host, token }) => [request('get /v1/posts HTTP/1.1', host, token)],
    ...malformed,
  ],
  ['A23', 'TRACE', ({ host, token }) => [request('TRACE /v1/posts HTTP/1.1', host, token)], 405, 'method-not-allowed'],
  ['A25', 'the preface of HTTP/2', () => ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'], ...malformed],
  ['A25', 'the hello of TLS', () => [Buffer.from('16030100a5010000a10303', 'hex')], ...malformed],
  ['A25', 'HTTP/3.0', ({ host, token }) => [request('GET /v1/posts HTTP/3.0', host, token)], ...malformed],
  ['A25', 'SSH', () => ['SSH-2.0-OpenSSH_9.9\r\n'], ...malformed],
  [
    'A26',
    'an unknown expectation',
    (good) => [post(good, [LENGTH, 'Expect: 200-ok'], BODY)],
    417,
    'expectation-failed',
  ],
  [
    'A31',
    'bytes beyond ASCII in the path',
    (good) => [Buffer.from(get(good).replace('posts', 'p\xf6sts'), 'latin1')],
    ...malformed,
  ],
  [
    'A31',
    'a backslash for a path',
    ({ host, token }) => [request('GET /v1\\posts HTTP/1.1', host, token)],
    404,
    'not-found',
  ],
  [
    'A31',
    'a path that climbs',
    ({ host, token }) => [request('GET /docs/../v1/posts HTTP/1.1', host, token)],
    404,
    'not-found',
  ],
  ['A32', 'two tokens', (good) => [get(good, good.token)], 401, 'invalid-token'],
]

/** They cannot be trusted any more, or still send what nobody reads. */
const CLOSES = new Set([400, 408, 413, 431])
/** Well-formed on the wire: only we refuse them. */
const KEPT = new Set(['no Host', 'two Hosts'])

describe('framing attacks', () => {
  let target: Target
  let good: Good
  before(async () => {
    target = await openTarget()
    good = { host: 'Host: forum', token: `Authorization: Bearer ${target.alice.token}` }
  })
  after(() => target[Symbol.asyncDispose]())

  for (const [id, what, parts, status, code] of rows) {
    it(`${id} ${what}: ${status} ${code}`, async () => {
      let isClosed = false
      await target.refuses(
        async () => {
          const answer = await target.send(...parts(good))
          isClosed = answer.isClosed
          return answer
        },
        status,
        code,
      )
      if (CLOSES.has(status) && !KEPT.has(what)) assert.ok(isClosed, 'the connection is closed')
    })
  }

  const slow: readonly (readonly [id: string, what: string, parts: () => readonly Part[]])[] = [
    [
      'A19',
      'headers that trickle in',
      () => ['GET /v1/posts HTTP/1.1\r\n', ...Array(10).fill([200, 'A: b\r\n']).flat()],
    ],
    ['A20', 'a body that stalls', () => [post(good, [LENGTH], '{"te')]],
    ['A20', 'a body that trickles in', () => [post(good, [LENGTH], '{'), ...Array(15).fill([150, '"']).flat()]],
    ['A20', 'a chunk that never ends', () => [post(good, [CHUNKED], '10\r\n{"te')]],
    ['A21', 'a caller who says nothing', () => []],
  ]
  for (const [id, what, parts] of slow) {
    it(`${id} T ${what}: 408 request-timeout`, async () => {
      await target.refuses(() => target.send(...parts()), 408, 'request-timeout', PATIENCE.request + 1_500)
    })
  }

  it('A01 the request behind a broken one is never seen', async () => {
    const hidden = post(good, [LENGTH], BODY)
    const before = target.hash()

    const { answers, isClosed } = await exchange(target.port, [post(good, [LENGTH, CHUNKED], `0\r\n\r\n${hidden}`)], 2)

    assert.deepEqual([answers.map(({ status }) => status), isClosed, target.hash()], [[400], true, before])
  })

  it('A17 credentials are asked for before the body is read', async () => {
    const { status, body } = await target.send(
      request('POST /v1/posts HTTP/1.1', 'Host: forum', JSON_TYPE, 'Content-Length: 99'),
    )

    assert.deepEqual([status, body.code], [401, 'authentication-required'])
  })

  it('A23 CONNECT is no way to anywhere: closed', async () => {
    for (const to of ['evil.example:80', '/v1/posts']) {
      const { answers, isClosed } = await exchange(target.port, [
        request(`CONNECT ${to} HTTP/1.1`, good.host, good.token),
      ])
      assert.deepEqual([answers.length, isClosed], [0, true])
    }
  })

  it('A26 an expectation that is known is met', async () => {
    assert.equal((await target.send(post(good, [LENGTH, 'Expect: 100-continue'], BODY))).status, 201)
  })

  it('A29 a thousand requests in one write are answered in order', async () => {
    const paths = Array.from({ length: 1_000 }, (_, n) => `/v1/posts?limit=${(n % 3) * 50}`)
    const bytes = paths.map((path) => request(`GET ${path} HTTP/1.1`, good.host, good.token)).join('')

    const { answers } = await exchange(target.port, [bytes], paths.length, 20_000)

    assert.deepEqual(
      answers.map(({ status }) => status),
      paths.map((_, n) => (n % 3 === 0 ? 422 : 200)),
    )
  })

  it('A33 trailers change nothing', async () => {
    const trailers = 'Authorization: Bearer x\r\nHost: evil.example\r\nContent-Type: text/plain\r\n'
    const { status } = await target.send(post(good, [CHUNKED], `${chunk(BODY)}0\r\n${trailers}\r\n`))

    assert.equal(status, 201)
  })

  it('A34 a protocol that is not spoken is not switched to', async () => {
    assert.equal((await target.send(get(good, 'Connection: Upgrade', 'Upgrade: websocket'))).status, 200)
  })
})
