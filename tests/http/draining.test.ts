import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { uuidV7 } from '../../src/infrastructures/identifiers/uuid-v7.ts'
import { until } from '../kit/command.ts'
import { type Forum, openForum } from '../kit/http.ts'
import { urlOf } from '../kit/url-of.ts'

const TIMEOUTS = { headers: 1_000, request: 1_500, idle: 5_000, keepAlive: 20_000, checkInterval: 100 }
const SILENCE_MS = 3_000
const [QUICKLY_MS, TIMEOUT_MS] = [800, 6_000]
/** More than the system takes from the process at once. */
const BIG_ANSWER = 'x'.repeat(12 * 1024 * 1024)

/** A client that says and takes what the test wants. */
async function connectTo({ http }: Forum) {
  const socket = connect(Number(new URL(await urlOf(http)).port), '127.0.0.1')
  const received: Buffer[] = []
  socket.on('error', () => {}).on('data', (bytes) => received.push(bytes))
  await once(socket, 'connect')
  const bytes = () => received.reduce((sum, { length }) => sum + length, 0)
  return { socket, bytes, text: () => Buffer.concat(received).toString('latin1') }
}

const head = (line: string, ...fields: readonly string[]): string =>
  [line, 'Host: forum', ...fields, '', ''].join('\r\n')

const big = {
  path: '/big',
  handle: (_request: unknown, response: { end: (text: string) => void }) => response.end(BIG_ANSWER),
}

/** A route that answers when it is let go. */
function held() {
  const { promise, resolve } = Promise.withResolvers<void>()
  let begun = 0
  const handle = (_request: unknown, response: { end: (text: string) => void }) => {
    begun++
    void promise.then(() => response.end('done'))
  }
  return { mount: { path: '/held', handle }, release: resolve, begun: () => begun }
}

/** How long the server takes to close. */
async function closed({ http }: Forum): Promise<number> {
  const start = performance.now()
  await http.close()
  return performance.now() - start
}

/** Takes its answer at this rate, as a slow line would. */
function throttle(socket: Socket, bytesPerSecond: number): void {
  socket.on('data', ({ length }: Buffer) => {
    socket.pause()
    setTimeout(() => socket.resume(), (length / bytesPerSecond) * 1_000)
  })
}

describe('a server that closes', () => {
  for (const [what, sent, drop] of [
    ['half a body, and nothing more', head('POST /v1/posts HTTP/1.1', 'Content-Length: 100'), null],
    ['a body, byte by byte', head('POST /v1/posts HTTP/1.1', 'Content-Length: 1000'), ' '],
    ['half a head, and nothing more', 'GET / HTTP/1.1\r\nHost: forum\r\n', null],
    ['a head, line by line', 'GET / HTTP/1.1\r\nHost: forum\r\n', 'X-Drop: 1\r\n'],
  ] as const) {
    it(`answers 408 to a client that has sent ${what}`, async () => {
      await using forum = await openForum({ timeouts: TIMEOUTS, rawHandlers: [held().mount] })
      const client = await connectTo(forum)
      const authorization = `Authorization: Bearer ${forum.alice.token}\r\nContent-Type: application/json\r\n`
      client.socket.write(sent.replace('Host: forum\r\n', `Host: forum\r\n${authorization}`))
      const dropping = setInterval(() => drop && client.socket.writable && client.socket.write(drop), 100)
      await sleep(100)

      const milliseconds = await closed(forum)
      await until('its connection is closed', () => client.socket.closed)

      clearInterval(dropping)
      assert.match(client.text(), /^HTTP\/1\.1 408 .*"code":"request-timeout"/s)
      assert.ok(milliseconds < TIMEOUT_MS, `${milliseconds} ms`)
    })
  }

  it('sends what is not sent yet, to a reader who takes it slowly', async () => {
    await using forum = await openForum({ timeouts: TIMEOUTS, rawHandlers: [big] })
    const client = await connectTo(forum)
    client.socket.write(head('GET /big/1 HTTP/1.1'))
    throttle(client.socket, BIG_ANSWER.length / 2)
    await until('it has the first bytes', () => client.bytes() > 0)

    await closed(forum)
    await until('its connection is closed', () => client.socket.closed)

    assert.ok(client.bytes() > BIG_ANSWER.length, `${client.bytes()} bytes`)
  })

  it('cuts a reader who takes nothing', async () => {
    await using forum = await openForum({ timeouts: { ...TIMEOUTS, idle: SILENCE_MS }, rawHandlers: [big] })
    const { socket } = await connectTo(forum)
    socket.pause().write(head('GET /big/1 HTTP/1.1'))
    await sleep(100)

    const milliseconds = await closed(forum)

    socket.destroy()
    assert.ok(milliseconds > SILENCE_MS / 2, `${milliseconds} ms`)
    assert.ok(milliseconds < SILENCE_MS * 1.5, `${milliseconds} ms`)
  })

  it('does not wait for idle clients: never asked, was answered, has taken a large answer', async () => {
    await using forum = await openForum({ timeouts: TIMEOUTS, rawHandlers: [big] })
    const clients = await Promise.all([connectTo(forum), connectTo(forum), connectTo(forum)])
    clients[1].socket.write(head('GET /v1/posts HTTP/1.1'))
    clients[2].socket.write(head('GET /big/1 HTTP/1.1'))
    await until('it has all', () => clients[2].bytes() > BIG_ANSWER.length)
    await until('it is refused', () => clients[1].text().includes(' 401 '))

    const milliseconds = await closed(forum)

    assert.ok(milliseconds < QUICKLY_MS, `${milliseconds} ms`)
    for (const { socket } of clients) await until('it is closed', () => socket.closed)
  })

  it('takes no new connection while it answers the last request', async () => {
    const slow = held()
    await using forum = await openForum({ rawHandlers: [slow.mount] })
    const client = await connectTo(forum)
    const url = await urlOf(forum.http)
    client.socket.write(head('GET /held/1 HTTP/1.1'))
    await until('it is begun', () => slow.begun() === 1)

    const closing = closed(forum)
    await until('it takes no connection', () =>
      fetch(url).then(
        () => false,
        () => true,
      ),
    )
    slow.release()
    await closing
    await until('it has its answer', () => client.socket.closed)

    assert.match(client.text(), /^HTTP\/1\.1 200 .*connection: close.*done$/is)
  })
})

/** Connects so often in a process of its own, once it is let go, and says how many were answered. */
const CLIENT = `
  const { connect } = require('node:net')
  const [port, count] = process.argv.slice(1).map(Number)
  process.stdin.once('data', () => {
    let [open, answered] = [count, 0]
    for (let n = 0; n < count; n++) {
      const socket = connect(port, '127.0.0.1', () => socket.write('GET /live HTTP/1.1\\r\\nHost: forum\\r\\n\\r\\n'))
      socket.once('data', () => answered++)
      socket.on('error', () => {}).on('close', () => --open || console.log(answered))
    }
  })`

describe('a server that was paused just before it closes', () => {
  it('answers the connections that it had not accepted yet', async () => {
    await using forum = await openForum()
    const client = spawn(process.execPath, ['-e', CLIENT, new URL(await urlOf(forum.http)).port, '40'])
    const output = text(client.stdout)
    await once(client, 'spawn')
    await sleep(100)
    client.stdin.write('go')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000)

    await closed(forum)
    client.stdin.end()

    assert.equal(Number(await output), 40)
  })
})

describe('a server that sends its clients away', () => {
  it('says so in answers that are under way, and in the last alone of those on one connection', async () => {
    const slow = held()
    await using forum = await openForum({ rawHandlers: [slow.mount] })
    const [one, three] = [await connectTo(forum), await connectTo(forum)]
    const request = (name: string) => head(`GET /held/${name} HTTP/1.1`)
    one.socket.write(request('a'))
    three.socket.write(request('b') + request('c'))
    await until('they are begun', () => slow.begun() === 3)

    forum.http.disableKeepAlive()
    three.socket.write(request('d'))
    await until('it is begun', () => slow.begun() === 4)
    slow.release()
    for (const { socket } of [one, three]) await until('it is closed', () => socket.closed)

    const closes = (text: string) =>
      text
        .split('HTTP/1.1 200')
        .slice(1)
        .map((answer) => /connection: close/i.test(answer))
    assert.deepEqual(closes(one.text()), [true])
    assert.deepEqual(closes(three.text()), [false, false, true])
  })

  it('goes on to take requests, and answers them', async () => {
    await using forum = await openForum()
    const url = await urlOf(forum.http)
    forum.http.disableKeepAlive()

    const { status, headers } = await fetch(`${url}/v1/posts/${uuidV7()}`, {
      headers: { authorization: `Bearer ${forum.alice.token}` },
    })

    assert.deepEqual([status, headers.get('connection')], [404, 'close'])
  })
})
