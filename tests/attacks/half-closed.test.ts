/** Callers who send all they have to say, close their side, and listen. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { openTarget, type Target, TIMEOUTS } from '../kit/attacks.ts'
import { until } from '../kit/command.ts'
import { BODY, CHUNKED, chunk, type Good, get, LENGTH, post, request } from './frames.ts'

describe('a caller who closes one side', () => {
  let target: Target
  let good: Good
  before(async () => {
    target = await openTarget()
    good = { host: 'Host: forum', token: `Authorization: Bearer ${target.alice.token}` }
  })
  after(() => target[Symbol.asyncDispose]())

  /** All that comes until the other side is closed, too. */
  async function answerTo(bytes: string): Promise<string> {
    const socket = connect({ port: target.port, host: '127.0.0.1', allowHalfOpen: true })
    let received = ''
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text
    })
    socket.end(bytes)
    await once(socket, 'end', { signal: AbortSignal.timeout(TIMEOUTS.idle - 1_000) })
    return received
  }

  const statusesIn = (received: string) =>
    [...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status))

  const rows: readonly (readonly [what: string, bytes: () => string, statuses: readonly number[]])[] = [
    ['a read', () => get(good), [200]],
    ['a write', () => post(good, [LENGTH], BODY), [201]],
    ['a write in chunks', () => post(good, [CHUNKED], `${chunk(BODY)}0\r\n\r\n`), [201]],
    ['several requests', () => post(good, [LENGTH], BODY) + get(good) + post(good, [LENGTH], BODY), [201, 200, 201]],
    ['a request without a token', () => request('GET /v1/posts HTTP/1.1', good.host), [401]],
    ['nothing', () => '', []],
    ['half of a head', () => 'GET /v1/posts HT', [400]],
    ['half of a body', () => post(good, [LENGTH], BODY.slice(5)), [400]],
    ['a request and half of another', () => `${post(good, [LENGTH], BODY)}GET /v1/po`, [201, 400]],
  ]
  for (const [what, bytes, statuses] of rows) {
    it(`after ${what} is answered ${statuses.join(' ') || 'by the end of it'}`, async () => {
      assert.deepEqual(statusesIn(await answerTo(bytes())), statuses)
    })
  }

  it('is answered by a service that takes its time', async () => {
    const { posts } = target.services
    const { list } = posts
    posts.list = async (...of) => {
      await new Promise((resolve) => setTimeout(resolve, 200))
      return list(...of)
    }

    assert.deepEqual(statusesIn(await answerTo(get(good))), [200])
    posts.list = list
  })

  it('leaves no connection behind', async () => {
    const count = () => new Promise<number>((resolve) => target.http.server.getConnections((_, n) => resolve(n)))
    await until('all connections are closed', async () => (await count()) === 0, TIMEOUTS.idle)
  })
})
