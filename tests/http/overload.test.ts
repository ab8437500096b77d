import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLoadShedder } from '../../src/controllers/http/load/load-shedder.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { headOf, openSocket } from '../chaos/kit/sockets.ts'
import { createStore, memoryDriver } from '../kit/forum-store.ts'
import { openForum } from '../kit/http.ts'

/** More than run and wait at once while the rate of starts is not known. */
const CALLERS = 1_000
/** So many run; so many are refused in one turn without further consequences. */
const [MAX_RUNNING, SHARE] = [128, 8]
/** Time stands still: the rate of starts, and with it the bound, stays what it is in the beginning. */
const NOW = 1
const READ = '/v1/posts/01900000-0000-7000-8000-000000000001'

/** A forum that listens, and whose reads of posts are answered once they are released. */
async function openBusyForum() {
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const driver = memoryDriver()
  const asked = { times: 0 }
  const reader: StoreDriver['reader'] = (aggregate) => {
    const { get, ...rest } = driver.reader(aggregate)
    if (aggregate.type !== 'post') return { ...rest, get }
    return {
      ...rest,
      async get(id) {
        asked.times++
        await held
        return get(id)
      },
    }
  }
  const store = createStore({ ...driver, reader })
  const shedder = createLoadShedder({ onRefused: () => {}, onRecovered: () => {} }, () => NOW)
  const forum = await openForum({ store, shedder })
  await forum.http.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 })
  const url = `http://127.0.0.1:${(forum.http.server.address() as AddressInfo).port}`
  return { forum, url, shedder, asked, release, [Symbol.asyncDispose]: () => forum[Symbol.asyncDispose]() }
}

/** A kept connection on which one thing is asked again and again. */
async function openCaller(url: string, token: string, path = READ) {
  const socket = openSocket(url).setEncoding('utf8')
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  socket.write(headOf(url, 'GET', '/', token)) // The first request of a connection is not refused.
  await once(socket, 'data')
  await until(() => text.includes('\r\n\r\n') && text.endsWith('}'))
  text = ''
  return {
    socket,
    ask: () => socket.write(headOf(url, 'GET', path, token, ['X-Request-Id: request-of-a-test'])),
    text: () => text,
    statuses: () => Array.from(text.matchAll(/HTTP\/1\.1 (\d+)/g), ([, status]) => Number(status)),
  }
}

/** Many callers of which the first take all places, and the others ask at the same moment. */
async function askTogether({ url, forum, shedder }: Awaited<ReturnType<typeof openBusyForum>>) {
  const callers = await Promise.all(Array.from({ length: CALLERS }, () => openCaller(url, forum.alice.token)))
  const seen = () => Object.values(shedder.stats()).reduce((sum, count) => sum + count, 0)
  for (const { ask } of callers.slice(0, 2 * MAX_RUNNING)) ask()
  await until(() => seen() === 2 * MAX_RUNNING)
  for (const { ask } of callers.slice(2 * MAX_RUNNING)) ask()
  await until(() => seen() === CALLERS)
  const refused = () => callers.filter(({ statuses }) => statuses()[0] === 503)
  await until(() => refused().length === shedder.stats().refused)
  return { callers, refused: refused(), leave: () => callers.forEach(({ socket }) => void socket.resetAndDestroy()) }
}

const until = async (isTrue: () => boolean): Promise<void> => {
  while (!isTrue()) await sleep(10)
}

describe('a service with more to do than it can', () => {
  it('refuses what does not fit, before it asks who is calling; the rest is answered in the end', async () => {
    await using busy = await openBusyForum()
    const stranger = await openCaller(busy.url, 'no token', `${READ}?secret=1`)
    const { callers, refused, leave } = await askTogether(busy)
    stranger.ask()
    await until(() => stranger.statuses().length > 0)
    const [head = '', body = ''] = stranger.text().split('\r\n\r\n')

    assert.match(head, /^HTTP\/1\.1 503 /)
    assert.match(head, /^retry-after: \d+$/im)
    assert.match(head, /^x-request-id: request-of-a-test$/im)
    assert.match(head, /^x-frame-options: DENY$/im)
    assert.match(head, /^content-type: application\/problem\+json$/im)
    assert.doesNotMatch(head, /^connection: close$/im)
    const { code, status, type, instance, requestId } = JSON.parse(body)
    assert.deepEqual([code, status, type], ['overloaded', 503, '/problems/overloaded'])
    assert.deepEqual([instance, requestId], [READ, 'request-of-a-test'])

    busy.release()
    await until(() => callers.every(({ statuses }) => statuses().length === 1))
    const answered = callers.filter(({ statuses }) => statuses()[0] === 404)
    assert.equal(answered.length, CALLERS - refused.length)
    assert.deepEqual(busy.shedder.stats(), { refused: refused.length + 1, running: 0, waiting: 0 })
    leave()
    stranger.socket.resetAndDestroy()
  })

  it('refuses neither writes nor streams because of reads', async () => {
    await using busy = await openBusyForum()
    const { leave } = await askTogether(busy)

    const headers = { authorization: `Bearer ${busy.forum.alice.token}`, 'content-type': 'application/json' }
    const written = await fetch(`${busy.url}/v1/posts`, { method: 'POST', headers, body: '{"text":"now"}' })
    assert.equal(written.status, 201)
    const end = new AbortController()
    const stream = await fetch(`${busy.url}/v1/notifications/stream`, {
      headers: { ...headers, accept: 'text/event-stream' },
      signal: end.signal,
    })
    assert.equal(stream.status, 200)

    end.abort()
    busy.release()
    leave()
  })

  it('lets those wait that it has no time to refuse again, and answers them in the end', async () => {
    await using busy = await openBusyForum()
    const { refused, leave } = await askTogether(busy)
    assert.ok(refused.length > SHARE)

    for (const { ask } of refused) ask()
    await until(() => busy.shedder.stats().refused >= refused.length + SHARE)
    await sleep(200)
    const again = busy.shedder.stats().refused - refused.length

    busy.release()
    await until(() => refused.every(({ statuses }) => statuses().length === 2))
    assert.equal(again, SHARE)
    assert.equal(refused.filter(({ statuses }) => statuses()[1] === 404).length, refused.length - SHARE)
    leave()
  })

  it('refuses no first request of a connection, which may have waited for long until it was accepted', async () => {
    await using busy = await openBusyForum()
    const { refused, leave } = await askTogether(busy)
    const { waiting } = busy.shedder.stats()

    const socket = openSocket(busy.url)
    socket.write(headOf(busy.url, 'GET', READ, busy.forum.alice.token))
    await until(() => busy.shedder.stats().waiting > waiting || busy.shedder.stats().refused > refused.length)
    assert.equal(busy.shedder.stats().refused, refused.length)

    busy.release()
    await once(socket, 'data')
    socket.destroy()
    leave()
  })

  it('starts nothing for a caller that is gone', async () => {
    await using busy = await openBusyForum()
    const { callers, leave } = await askTogether(busy)

    leave()
    await Promise.all(callers.map(({ socket }) => socket.closed || once(socket, 'close')))
    await until(() => busy.shedder.stats().running + busy.shedder.stats().waiting === 0)
    busy.release()
    assert.ok(busy.asked.times <= MAX_RUNNING, `${busy.asked.times} were started`)
  })
})
