/** Requests that come before the answers to others: what each of them sees, and what of them is never run. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { openTarget, type Target, TIMEOUTS } from '../kit/attacks.ts'
import { until } from '../kit/command.ts'
import { exchange } from '../kit/raw-http.ts'
import { BODY, CHUNKED, chunk, type Good, JSON_TYPE, LENGTH, post, request } from './frames.ts'

describe('pipelined requests', () => {
  let target: Target
  let good: Good
  let path = ''
  before(async () => {
    target = await openTarget()
    good = { host: 'Host: forum', token: `Authorization: Bearer ${target.alice.token}` }
  })
  after(() => target[Symbol.asyncDispose]())
  beforeEach(async () => {
    const { body } = await target.call(target.alice, 'POST', '/v1/posts', { body: { text: 'Pipelined.' } })
    path = `/v1/posts/${body.id}`
  })

  const put = (version: number | null, ...fields: readonly string[]) => {
    const match = version === null ? '*' : `"${version}"`
    return (
      request(`PUT ${path} HTTP/1.1`, good.host, good.token, JSON_TYPE, LENGTH, `If-Match: ${match}`, ...fields) + BODY
    )
  }
  const read = (...fields: readonly string[]) => request(`GET ${path} HTTP/1.1`, good.host, good.token, ...fields)
  const remove = () => request(`DELETE ${path} HTTP/1.1`, good.host, good.token)
  const versionNow = async () => (await target.call(target.alice, 'GET', path)).body.version

  async function answersTo(expected: number, ...parts: readonly (string | number)[]) {
    const { answers, isClosed } = await exchange(target.port, parts, expected)
    return {
      outcomes: answers.map(({ status, body }) => [status, body.version ?? body.code].join(' ').trim()),
      isClosed,
    }
  }

  it('see what those before them did', async () => {
    const { outcomes } = await answersTo(4, put(1) + put(2) + put(3) + read())

    assert.deepEqual(outcomes, ['200 2', '200 3', '200 4', '200 4'])
  })

  it('see nothing of those after them', async () => {
    const { outcomes } = await answersTo(6, read() + read() + put(1) + read() + remove() + read())

    assert.deepEqual(outcomes, ['200 1', '200 1', '200 2', '200 2', '204', '404 post-not-found'])
  })

  it('are separated wherever the writes are cut', async () => {
    const chunked = request(`PUT ${path} HTTP/1.1`, good.host, good.token, JSON_TYPE, CHUNKED, 'If-Match: "2"')
    const bytes = `${put(1)}${chunked}${chunk(BODY)}0\r\n\r\n${read()}${put(3)}`

    const { outcomes } = await answersTo(4, ...[...bytes].flatMap((byte, n) => (n % 97 === 0 ? [byte, 1] : [byte])))

    assert.deepEqual(outcomes, ['200 2', '200 3', '200 3', '200 4'])
  })

  it('may wait for 100 Continue', async () => {
    const { outcomes } = await answersTo(3, put(1, 'Expect: 100-continue') + put(2, 'Expect: 100-continue') + read())

    assert.deepEqual(outcomes, ['200 2', '200 3', '200 3'])
  })

  it('are refused in turn for what they expect', async () => {
    const { outcomes } = await answersTo(3, put(1) + put(2, 'Expect: 200-ok') + put(2))

    assert.deepEqual(outcomes, ['200 2', '417 expectation-failed', '200 3'])
  })

  const closing: readonly (readonly [what: string, bytes: () => string, outcome: string])[] = [
    ['a body that cannot be read', () => post(good, ['Content-Length: 1'], '{'), '400 malformed-request'],
    ['a body that is too large', () => post(good, ['Content-Length: 999999999'], '{'), '413 payload-too-large'],
    ['chunks that are broken', () => post(good, [CHUNKED], 'zz\r\n'), '400 malformed-request'],
    ['a request that asks to close', () => put(1, 'Connection: close'), '200 2'],
    ['no request', () => 'nonsense\r\n\r\n', '400 malformed-request'],
  ]
  for (const [what, bytes, outcome] of closing) {
    for (const [when, pause] of [
      ['in the same write', ''],
      ['a moment later', 5],
    ] as const) {
      it(`are not run behind ${what}, ${when}`, async () => {
        const answer = await answersTo(2, bytes(), pause, put(null), pause, put(null))

        assert.deepEqual([answer.outcomes, answer.isClosed], [[outcome], true])
        assert.equal(await versionNow(), outcome.startsWith('200') ? 2 : 1)
      })
    }
  }

  it('are answered before what is broken behind them', async () => {
    const { outcomes, isClosed } = await answersTo(4, `${put(1)}${read()}${put(2)}nonsense\r\n\r\n`)

    assert.deepEqual(outcomes, ['200 2', '200 2', '200 3', '400 malformed-request'])
    assert.ok(isClosed)
  })

  it('are answered before CONNECT ends the connection, and nothing behind it is run', async () => {
    const tunnel = request('CONNECT /v1/posts HTTP/1.1', good.host)

    const { outcomes, isClosed } = await answersTo(3, `${put(1)}${read()}${tunnel}${put(2)}`)

    assert.deepEqual([outcomes, isClosed, await versionNow()], [['200 2', '200 2'], true, 2])
  })

  it('are answered before half of another that takes too long', async () => {
    const { outcomes, isClosed } = await answersTo(2, `${put(1)}GET /v1/po`)

    assert.deepEqual([outcomes, isClosed], [['200 2', '408 request-timeout'], true])
  })

  it('are answered before the body of the last is found to be broken, and that is not run', async () => {
    const { outcomes } = await answersTo(2, `${put(1)}${post(good, [CHUNKED], 'zz\r\n')}`)

    assert.deepEqual(outcomes, ['200 2', '400 malformed-request'])
  })

  describe('while the first takes its time', () => {
    let ran: string[] = []
    let release = () => {}
    let socket: Socket
    let received = ''

    beforeEach(async () => {
      const { posts } = target.services
      const { rewrite, read } = posts
      const originals = { rewrite, read }
      const { promise, resolve } = Promise.withResolvers<void>()
      ran = []
      received = ''
      release = () => {
        Object.assign(posts, originals)
        resolve()
      }
      const held =
        (name: 'rewrite' | 'read') =>
        async (...of: never[]) => {
          ran.push(name)
          await promise
          return (originals[name] as (...of: never[]) => unknown)(...of)
        }
      Object.assign(posts, { rewrite: held('rewrite'), read: held('read') })
      socket = connect(target.port, '127.0.0.1')
      socket.setEncoding('latin1').on('error', () => {})
      socket.on('data', (text) => {
        received += text
      })
      await once(socket, 'connect')
    })

    afterEach(() => {
      release()
      socket.destroy()
    })

    const statuses = () => [...received.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status))

    it('run side by side if none changes anything', async () => {
      socket.write(read() + read() + read())
      await until('all run', () => ran.length === 3)

      release()
      await until('all are answered', () => statuses().length === 3)
    })

    it('wait, and those that may run side by side then do', async () => {
      socket.write(put(1) + read() + read() + put(2) + read())
      await until('the first runs', () => ran.length > 0)
      await sleep(50)
      assert.deepEqual(ran, ['rewrite'])

      release()
      await until('all are answered', () => statuses().length === 5)
      assert.deepEqual(statuses(), [200, 200, 200, 200, 200])
    })

    it('are dropped when their caller leaves', async () => {
      socket.write(put(1) + put(2) + put(3))
      await until('the first runs', () => ran.length > 0)
      socket.resetAndDestroy()
      await sleep(50)

      release()
      await until('the first is done', async () => (await versionNow()) === 2)
      await sleep(50)
      assert.equal(await versionNow(), 2)
    })

    it('that came before a stop are all answered while the service stops, and the connection ends behind the last', async () => {
      await using stopping = await openTarget()
      const { body } = await stopping.call(stopping.alice, 'POST', '/v1/posts', { body: { text: 'Pipelined.' } })
      const { posts } = stopping.services
      const { rewrite } = posts
      const { promise: held, resolve } = Promise.withResolvers<void>()
      posts.rewrite = async (...of) => {
        ran.push('rewrite')
        await held
        return rewrite(...of)
      }
      const token = `Authorization: Bearer ${stopping.alice.token}`
      const fields = [good.host, token, JSON_TYPE, LENGTH]
      const bytes = `${request(`PUT /v1/posts/${body.id} HTTP/1.1`, ...fields)}${BODY}`.repeat(3)
      const answering = exchange(stopping.port, [bytes], 3)
      await until('the first runs', () => ran.length > 0)

      const closed = stopping.http.close()
      resolve()
      const { answers, isClosed } = await answering
      await closed

      assert.deepEqual([isClosed, ran.length], [true, 3])
      assert.deepEqual(
        answers.map(({ status, headers }) => [status, headers['connection'] === 'close']),
        [
          [200, false],
          [200, false],
          [200, true],
        ],
      )
    })

    it('are not read beyond a bound, are not called late for that, and are all answered in the end', async () => {
      const many = 3_000
      const bytes = read().repeat(many)
      let bytesRead = () => Number.NaN
      target.http.server.once('request', (request) => {
        bytesRead = () => request.socket.bytesRead
      })
      socket.write(put(1) + bytes)
      await until('the first runs', () => ran.length > 0)
      await sleep(TIMEOUTS.request + 2 * TIMEOUTS.checkInterval)

      assert.ok(bytesRead() < 200_000, `${bytesRead()} of ${bytes.length} bytes were read`)
      assert.deepEqual(ran, ['rewrite'])
      release()
      await until('all are answered', () => statuses().length > many, 60_000)
    })
  })
})
