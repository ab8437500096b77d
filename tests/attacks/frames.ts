import type { Part } from '../kit/raw-http.ts'

export const BODY = '{"text":"Smuggled."}'
export const JSON_TYPE = 'Content-Type: application/json'
export const LENGTH = `Content-Length: ${BODY.length}`
export const CHUNKED = 'Transfer-Encoding: chunked'
const KB = 1024

type Row = readonly [id: string, what: string, parts: (good: Good) => readonly Part[], status: number, code: string]
export type Good = Readonly<{ host: string; token: string }>

export const request = (line: string, ...fields: readonly string[]): string =>
  `${line}\r\n${fields.join('\r\n')}\r\n\r\n`
export const post = ({ host, token }: Good, fields: readonly string[], body: string): string =>
  request('POST /v1/posts HTTP/1.1', host, token, JSON_TYPE, ...fields) + body
export const get = ({ host, token }: Good, ...fields: readonly string[]): string =>
  request('GET /v1/posts HTTP/1.1', host, token, ...fields)

const malformed = [400, 'malformed-request'] as const
const tooLarge = [413, 'payload-too-large'] as const
const headersTooLarge = [431, 'headers-too-large'] as const
export const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`

/** Requests that are broken in one way each, and how they are refused. */
export const FRAMES: readonly Row[] = [
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
  ...['gzip, chunked', 'chunked, chunked', 'identity', 'identity, chunked', 'deflate', ', chunked', '"chunked"'].map(
    (coding): Row => [
      'A04',
      `chunks that say ${coding}`,
      (good) => [post(good, [`Transfer-Encoding: ${coding}`], `${chunk(BODY)}0\r\n\r\n${get(good)}`)],
      ...malformed,
    ],
  ),
  [
    'A04',
    'chunks in two headers',
    (good) => [post(good, ['Transfer-Encoding: gzip', CHUNKED], `${chunk(BODY)}0\r\n\r\n`)],
    ...malformed,
  ],
  [
    'A04',
    'chunks in HTTP/1.0',
    (good) => [post(good, [CHUNKED], `${chunk(BODY)}0\r\n\r\n`).replace('HTTP/1.1', 'HTTP/1.0')],
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
