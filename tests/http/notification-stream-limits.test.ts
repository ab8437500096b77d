import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StreamLimits } from '../../src/controllers/http/sse.ts'
import { notificationStream } from '../../src/controllers/http/v1/notification-stream.ts'
import { UserId } from '../../src/domains/entities/user.ts'
import { createNotificationFeed, type NotificationFeed } from '../../src/domains/services/notification-feed.ts'
import { sleep as pause } from '../../src/main/sleep.ts'
import { until } from '../kit/command.ts'
import { createStore, memoryDriver } from '../kit/forum-store.ts'
import { type Forum, modulesOver, openForum } from '../kit/http.ts'
import { listenAs } from '../kit/notification-stream.ts'
import { aNotification, countLooks, givingTo, notificationId } from '../kit/notifications.ts'
import type { Person } from '../kit/people.ts'
import { urlOf } from '../kit/url-of.ts'

const LIMITS: StreamLimits = { perUser: 5, total: 1_000, heartbeatMs: 15_000, stalledMs: 30_000, lifetimeMs: 900_000 }
const TIMEOUTS = { headers: 600, request: 600, idle: 600, keepAlive: 2_000, checkInterval: 100 }

/** More than a connection holds on its way. */
const MANY = 50_000

async function giveMany({ state, call }: Forum, person: Person): Promise<void> {
  await call(person, 'GET', '/v1/users/me')
  const ownerId = UserId.parse(person.id)
  for (let n = 1; n <= MANY; n++) {
    state.notification.set(notificationId(n), aNotification({ id: notificationId(n), ownerId }))
  }
}

/** A reader who takes nothing. */
async function idleReader(forum: Forum, { token }: Person, from?: string) {
  const socket = connect(Number(new URL(await urlOf(forum.http)).port), '127.0.0.1').pause()
  socket.on('error', () => {})
  await once(socket, 'connect')
  const resume = from === undefined ? '' : `Last-Event-ID: ${from}\r\n`
  socket.write(
    `GET /v1/notifications/stream HTTP/1.1\r\nHost: forum\r\nAuthorization: Bearer ${token}\r\n${resume}\r\n`,
  )
  return socket
}

const connections = ({ http }: Forum): Promise<number> =>
  new Promise((resolve, reject) =>
    http.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  )

const linesOf = ({ lines }: Forum) =>
  lines.map((line) => JSON.parse(line)).filter((line) => line['http.route']?.endsWith('stream'))

describe('streams', () => {
  it('outlive the time-outs of a connection, as each heartbeat shows', async () => {
    await using forum = await openForum({ timeouts: TIMEOUTS, streamLimits: { ...LIMITS, heartbeatMs: 1_000 } })
    const give = await givingTo(forum, forum.alice, forum.bob)
    const stream = await listenAs(forum.alice, await urlOf(forum.http))

    await sleep(3_500)
    const given = await give(forum.services)
    await stream.receives(1)

    assert.deepEqual(stream.comments(), [given])
    assert.ok(stream.text().split('\n:\n').length > 3, 'heartbeats')
    stream.leave()
  })

  it('end after their time, and their readers miss nothing', async () => {
    await using forum = await openForum({ streamLimits: { ...LIMITS, lifetimeMs: 300 } })
    const give = await givingTo(forum, forum.alice, forum.bob)
    const url = await urlOf(forum.http)

    const stream = await listenAs(forum.alice, url)
    assert.equal(await stream.ended, 'ended')
    const given = await give(forum.services)
    const next = await listenAs(forum.alice, url, stream.lastEventId())

    assert.equal(await next.ended, 'ended')
    assert.deepEqual(next.comments(), [given])
  })

  it('end when the server closes, which waits for none of them, be it for one that takes nothing', async () => {
    const forum = await openForum()
    await giveMany(forum, forum.bob)
    const url = await urlOf(forum.http)
    const streams = await Promise.all([1, 2, 3].map(() => listenAs(forum.alice, url)))
    const idle = await idleReader(forum, forum.bob, '00000000-0000-0000-0000-000000000000')
    await sleep(500)

    const start = performance.now()
    await forum[Symbol.asyncDispose]()
    const milliseconds = performance.now() - start

    assert.deepEqual(await Promise.all(streams.map(({ ended }) => ended)), ['ended', 'ended', 'ended'])
    assert.ok(milliseconds < 2_500, `${milliseconds} ms`)
    idle.destroy()
  })

  it('end at once when they are asked for while the server closes', async () => {
    const forum = await openForum()
    const socket = connect(Number(new URL(await urlOf(forum.http)).port), '127.0.0.1')
    const received: string[] = []
    socket.setEncoding('utf8').on('data', (text: string) => received.push(text))
    socket.write('GET /v1/notifications/stream HTTP/1.1\r\nHost: forum\r\n')
    await sleep(100)

    const closing = forum[Symbol.asyncDispose]()
    await sleep(100)
    socket.write(`Authorization: Bearer ${forum.alice.token}\r\n\r\n`)
    const isClosed = await Promise.race([once(socket, 'close').then(() => true), sleep(4_000, false)])
    socket.destroy()
    await closing

    assert.equal(isClosed, true)
    assert.match(received.join(''), /^HTTP\/1\.1 200 .*retry: 2000.*\r\n0\r\n\r\n$/s)
  })

  it('end before connections that never sent a request, which are closed too', async () => {
    const forum = await openForum()
    const socket = connect(Number(new URL(await urlOf(forum.http)).port), '127.0.0.1')
    await once(socket, 'connect')

    const start = performance.now()
    await forum[Symbol.asyncDispose]()
    const milliseconds = performance.now() - start

    assert.ok(milliseconds < 2_500, `${milliseconds} ms`)
    socket.destroy()
  })

  it('are so many for each user and no more: 429 until one of them is closed', async () => {
    await using forum = await openForum()
    const url = await urlOf(forum.http)
    const streams = await Promise.all([1, 2, 3, 4, 5].map(() => listenAs(forum.alice, url)))

    const refused = await listenAs(forum.alice, url)
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '5'])
    await refused.ended
    assert.match(refused.text(), /"code":"rate-limited"/)
    const other = await listenAs(forum.bob, url)
    assert.equal(other.status, 200)

    streams[0]?.leave()
    await until('there is room', async () => {
      const next = await listenAs(forum.alice, url)
      streams.push(next)
      return next.status === 200
    })
    for (const stream of [...streams, other]) stream.leave()
  })

  it('are so many in all and no more: 503', async () => {
    await using forum = await openForum({ streamLimits: { ...LIMITS, total: 2 } })
    const url = await urlOf(forum.http)
    const streams = [await listenAs(forum.alice, url), await listenAs(forum.bob, url)]

    const refused = await listenAs(forum.ada, url)
    await refused.ended

    assert.equal(refused.status, 503)
    assert.match(refused.text(), /"code":"overloaded"/)
    assert.match(refused.headers.get('retry-after') ?? '', /^\d+$/)
    for (const stream of streams) stream.leave()
  })

  it('hold little for a reader who takes nothing, ask for no more meanwhile, and cut them off', async () => {
    await using forum = await openForum({ streamLimits: { ...LIMITS, heartbeatMs: 200, stalledMs: 800 } })
    await giveMany(forum, forum.bob)
    const looks = countLooks(forum.services)

    const idle = await idleReader(forum, forum.bob, '00000000-0000-0000-0000-000000000000')
    await sleep(500)
    const before = looks()
    await until('it is cut off', async () => (await connections(forum)) === 0)

    assert.ok(before < MANY / 50, `${before} looks for ${MANY} notifications`)
    assert.ok(looks() <= before + 2, `${looks() - before} looks for a reader who takes nothing`)
    idle.destroy()
  })

  it('have one line in the log, at their end, be it that their reader left', async () => {
    await using forum = await openForum({ streamLimits: { ...LIMITS, lifetimeMs: 400 } })
    const url = await urlOf(forum.http)

    const left = await listenAs(forum.alice, url)
    await sleep(100)
    assert.deepEqual(linesOf(forum), [])
    left.leave()
    await until('it is logged', () => linesOf(forum).length === 1)
    const ended = await listenAs(forum.alice, url)
    await ended.ended
    await until('it is logged', () => linesOf(forum).length === 2)
    await sleep(100)

    const lines = linesOf(forum)
    assert.equal(lines.length, 2)
    for (const line of lines) {
      assert.deepEqual([line['http.response.status_code'], line['user.id']], [200, forum.alice.id])
      assert.ok(line['event.duration'] > 80e6)
    }
  })

  it('leave nothing behind when their readers leave', async () => {
    const store = createStore(memoryDriver())
    const feed = createNotificationFeed({
      reader: store.notificationFeed,
      sleep: pause,
      onFailure: (error) => assert.fail(String(error)),
    })
    let following = 0
    const counted: NotificationFeed = {
      ...feed,
      subscribe(subscriber) {
        following++
        const unfollow = feed.subscribe(subscriber)
        return () => {
          following--
          unfollow()
        }
      },
    }
    const { notifications } = modulesOver(store).services
    const routes = [notificationStream({ notifications, feed: counted })]
    await using forum = await openForum({ modules: [{ tag: { name: 'notifications', description: '' }, routes }] })
    const url = await urlOf(forum.http)

    for (let n = 0; n < 20; n++) {
      const stream = await listenAs(forum.alice, url)
      await until('it is open', () => stream.text() !== '')
      assert.equal(following, 1)
      stream.leave()
      await until('it is gone', () => following === 0)
    }
  })
})
