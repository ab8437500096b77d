import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLoadShedder } from '../../src/controllers/http/load/load-shedder.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { headOf, openSocket } from '../chaos/kit/sockets.ts'
import { createStore, memoryDriver } from '../kit/forum-store.ts'
import { openForum, servicesOver } from '../kit/http.ts'

/** More than run and wait at once while the rate of starts is not known. */
const MORE_THAN_FIT = 1_000
const READ = '/v1/posts/01900000-0000-7000-8000-000000000001'

/** A forum that listens, and whose reads of posts are answered once they are released. */
async function openBusyForum() {
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const driver = memoryDriver()
  const reader: StoreDriver['reader'] = (aggregate) => {
    const { find, ...rest } = driver.reader(aggregate)
    return aggregate.noun === 'post'
      ? { ...rest, find, get: (id) => held.then(() => driver.reader(aggregate).get(id)) }
      : { ...rest, find }
  }
  const services = servicesOver(createStore({ ...driver, reader }))
  const shedder = createLoadShedder({ onRefused: () => {}, onRelief: () => {} })
  const forum = await openForum({ services, shedder })
  await forum.http.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 })
  const url = `http://127.0.0.1:${(forum.http.server.address() as AddressInfo).port}`
  return { forum, url, shedder, release, [Symbol.asyncDispose]: () => forum[Symbol.asyncDispose]() }
}

/** Asks once, on a connection of its own, and keeps the connection. */
function ask(url: string, token: string, path = READ) {
  const socket = openSocket(url).setEncoding('utf8')
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
  })
  socket.write(headOf(url, 'GET', path, token, ['X-Request-Id: request-of-a-test']))
  return {
    socket,
    text: () => text,
    status: () => Number(text.slice(9, 12)),
    again: () => socket.write(headOf(url, 'GET', path, token)),
  }
}

const until = async (isTrue: () => boolean): Promise<void> => {
  while (!isTrue()) await sleep(10)
}

describe('a service with more to do than it can', () => {
  it('refuses what does not fit, before it asks who is calling; the rest is answered in the end', async () => {
    await using busy = await openBusyForum()
    const { forum, url, shedder, release } = busy
    const calls = Array.from({ length: MORE_THAN_FIT }, () => ask(url, forum.alice.token))
    await until(() => shedder.stats().refused + shedder.stats().running + shedder.stats().waiting === MORE_THAN_FIT)
    const stranger = ask(url, 'no token', `${READ}?secret=1`)
    await until(() => stranger.status() > 0)
    const [head = '', body = ''] = stranger.text().split('\r\n\r\n')

    assert.match(head, /^HTTP\/1\.1 503 /)
    for (const header of [/^retry-after: \d+$/im, /^x-request-id: request-of-a-test$/im, /^x-frame-options: DENY$/im])
      assert.match(head, header)
    assert.match(head, /^content-type: application\/problem\+json$/im)
    assert.doesNotMatch(head, /^connection: close$/im)
    const { code, status, type, instance, requestId } = JSON.parse(body)
    assert.deepEqual(
      { code, status, type, instance, requestId },
      {
        code: 'overloaded',
        status: 503,
        type: '/problems/overloaded',
        instance: READ,
        requestId: 'request-of-a-test',
      },
    )

    release()
    await until(() => calls.every((call) => call.status() > 0))
    const refused = calls.filter((call) => call.status() === 503)
    assert.deepEqual([shedder.stats().refused, shedder.stats().running], [refused.length + 1, 0])
    assert.ok(calls.every((call) => [404, 503].includes(call.status())))
    assert.ok(calls.length - refused.length >= 256 + 64)
    for (const { socket } of [...calls, stranger]) socket.destroy()
  })

  it('refuses neither writes nor streams because of reads', async () => {
    await using busy = await openBusyForum()
    const { forum, url, shedder, release } = busy
    const calls = Array.from({ length: MORE_THAN_FIT }, () => ask(url, forum.alice.token))
    await until(() => shedder.stats().refused > 0)

    const headers = { authorization: `Bearer ${forum.alice.token}`, 'content-type': 'application/json' }
    const written = await fetch(`${url}/v1/posts`, { method: 'POST', headers, body: '{"text":"now"}' })
    assert.equal(written.status, 201)
    const leave = new AbortController()
    const stream = await fetch(`${url}/v1/notifications/stream`, {
      headers: { ...headers, accept: 'text/event-stream' },
      signal: leave.signal,
    })
    assert.equal(stream.status, 200)
    leave.abort()

    release()
    for (const { socket } of calls) socket.destroy()
  })

  it('answers on connections that were refused, whatever they had to wait for', async () => {
    await using busy = await openBusyForum()
    const { forum, url, shedder, release } = busy
    const calls = Array.from({ length: MORE_THAN_FIT }, () => ask(url, forum.alice.token))
    await until(() => shedder.stats().refused + shedder.stats().running + shedder.stats().waiting === MORE_THAN_FIT)
    await until(() => calls.filter((call) => call.status() === 503).length === shedder.stats().refused)
    const refused = calls.filter((call) => call.status() === 503)

    for (const call of refused) call.again()
    release()
    await until(() => refused.every((call) => call.text().match(/HTTP\/1\.1 (?:404|503)/g)?.length === 2))
    for (const { socket } of calls) socket.destroy()
  })

  it('starts nothing for a caller that is gone', async () => {
    await using busy = await openBusyForum()
    const { forum, url, shedder, release } = busy
    const calls = Array.from({ length: MORE_THAN_FIT }, () => ask(url, forum.alice.token))
    await until(() => shedder.stats().refused > 0)

    for (const { socket } of calls) socket.destroy()
    await Promise.all(calls.map(({ socket }) => socket.closed || once(socket, 'close')))
    await until(() => shedder.stats().running + shedder.stats().waiting === 0)
    release()
    assert.ok(forum.lines.length < MORE_THAN_FIT / 2)
  })
})
