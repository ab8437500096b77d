/**
 * Group A: what is no good HTTP, byte by byte, against a server that listens. Not here: A24 (tests/http/unknown-routes)
 * and A30 (tests/http/access-log and rate-limit).
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { openTarget, type Target, TIMEOUTS } from '../kit/attacks.ts'
import { exchange, type Part } from '../kit/raw-http.ts'
import { BODY, CHUNKED, chunk, FRAMES, type Good, get, JSON_TYPE, LENGTH, post, request } from './frames.ts'

/** They cannot be trusted any more, or still send what the server does not read. */
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

  for (const [id, what, parts, status, code] of FRAMES) {
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
      await target.refuses(() => target.send(...parts()), 408, 'request-timeout', TIMEOUTS.request + 1_500)
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
