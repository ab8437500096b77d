import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserId } from '../../src/domains/entities/user.ts'
import { DependencyUnavailable } from '../../src/domains/errors/dependency-errors.ts'
import { FORUM } from '../../src/infrastructures/store/aggregates/forum.ts'
import { openSqlite } from '../../src/infrastructures/store/sqlite/open-sqlite.ts'
import { assertProblem } from '../kit/answers.ts'
import { freshDirectory, until } from '../kit/command.ts'
import { createStore } from '../kit/forum-store.ts'
import { type Forum, openForum } from '../kit/http.ts'
import { listenAs } from '../kit/notification-stream.ts'
import { countLooks, givingTo } from '../kit/notifications.ts'
import { urlOf } from '../kit/url-of.ts'

const STREAM = '/v1/notifications/stream'

const disable = async ({ services }: Forum, id: string) =>
  services.users.change({ id: UserId.parse(id), change: { isActive: false } })

describe('the stream of notifications', () => {
  it('opens at once, for clients that reconnect by themselves and for proxies that must not hold it back', async () => {
    await using forum = await openForum({ rateLimit: { requests: 9, seconds: 60 } })
    const stream = await listenAs(forum.alice, await urlOf(forum.http))
    await until('it is open', () => stream.text() !== '')

    assert.equal(stream.status, 200)
    assert.match(stream.headers.get('content-type') ?? '', /^text\/event-stream(;|$)/)
    assert.equal(stream.headers.get('cache-control'), 'no-cache, no-transform')
    assert.equal(stream.headers.get('x-accel-buffering'), 'no')
    assert.equal(stream.headers.get('x-content-type-options'), 'nosniff')
    assert.ok(stream.headers.has('x-request-id') && stream.headers.has('content-security-policy'))
    assert.match(stream.text(), /^: .*\nretry: 2000\n/)
    stream.leave()
  })

  it('gives what comes from now on, in order, each as the list has it on one line', async () => {
    await using forum = await openForum()
    const give = await givingTo(forum, forum.alice, forum.bob)
    await give(forum.services)
    const stream = await listenAs(forum.alice, await urlOf(forum.http))

    const given: string[] = []
    for (let n = 0; n < 3; n++) {
      given.push(await give(forum.services))
      await sleep(2) // So that they are given at different times, by which the list is sorted.
    }
    await stream.receives(3)

    const { body } = await forum.call(forum.alice, 'GET', '/v1/notifications?limit=3')
    assert.deepEqual(stream.comments(), given)
    assert.deepEqual(
      stream.received,
      body.items.toReversed().map((item) => ({ id: item.id, name: 'message', data: JSON.stringify(item) })),
    )
    stream.leave()
  })

  it('goes on after the last id, through any number of interruptions, while others give: nothing twice, nothing missed', async () => {
    await using forum = await openForum()
    const give = await givingTo(forum, forum.alice, forum.bob)
    const url = await urlOf(forum.http)
    const received: string[] = []
    let last: string | undefined

    const first = await listenAs(forum.alice, url)
    await until('it is open', () => first.lastEventId() !== '')
    first.leave()
    last = first.lastEventId()
    const giving = Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let n = 0; n < 50; n++) {
          await give(forum.services)
          await sleep(Math.random() * 8)
        }
      }),
    )
    for (let round = 0; received.length < 200 && round < 200; round++) {
      const stream = await listenAs(forum.alice, url, last)
      await sleep(Math.random() * 60)
      stream.leave()
      await stream.ended
      received.push(...stream.comments())
      last = stream.lastEventId()
    }
    await giving

    const all = await forum.services.notifications.listAfter({ reader: actor(forum.alice.id), id: null, limit: 1_000 })
    assert.equal(all.length, 200)
    assert.deepEqual(
      received,
      all.map(({ commentId }) => commentId),
    )
  })

  it('misses nothing though the client left before its first notification', async () => {
    await using forum = await openForum()
    const give = await givingTo(forum, forum.alice, forum.bob)
    const url = await urlOf(forum.http)
    const before = await listenAs(forum.alice, url)
    await until('it is open', () => before.lastEventId() !== '')
    before.leave()

    const given = await give(forum.services)
    const after = await listenAs(forum.alice, url, before.lastEventId())
    await after.receives(1)

    assert.deepEqual(after.comments(), [given])
    after.leave()
  })

  it('gives all of it after an id that is unknown or that of another, at once though it takes many looks', async () => {
    await using forum = await openForum()
    const give = await givingTo(forum, forum.alice, forum.bob)
    const given: string[] = []
    for (let n = 0; n < 120; n++) given.push(await give(forum.services))
    const toBob = await givingTo(forum, forum.bob, forum.alice)
    await toBob(forum.services)
    const { body } = await forum.call(forum.bob, 'GET', '/v1/notifications')

    for (const id of [randomUUID(), body.items[0]?.id, body.items[0]?.id.toUpperCase()]) {
      const start = performance.now()
      const stream = await listenAs(forum.alice, await urlOf(forum.http), id)
      await stream.receives(120)
      assert.ok(performance.now() - start < 900, 'before the next poll of the feed')
      assert.deepEqual(stream.comments(), given)
      stream.leave()
    }
  })

  it('polls no more often for a client with an unknown id and without notifications', async () => {
    await using forum = await openForum()
    const looks = countLooks(forum.services)

    const stream = await listenAs(forum.alice, await urlOf(forum.http), randomUUID())
    await sleep(2_500)

    assert.equal(looks(), 1)
    stream.leave()
  })

  it('never sends a notification to another user', async () => {
    await using forum = await openForum()
    const [toAlice, toBob] = [
      await givingTo(forum, forum.alice, forum.bob),
      await givingTo(forum, forum.bob, forum.ada),
    ]
    const url = await urlOf(forum.http)
    const [alice, bob, ada] = [
      await listenAs(forum.alice, url),
      await listenAs(forum.bob, url),
      await listenAs(forum.ada, url),
    ]

    const given = [await toAlice(forum.services), await toBob(forum.services), await toAlice(forum.services)]
    await Promise.all([alice.receives(2), bob.receives(1)])
    await sleep(200)

    assert.deepEqual([alice.comments(), bob.comments(), ada.comments()], [[given[0], given[2]], [given[1]], []])
    for (const stream of [alice, bob, ada]) stream.leave()
  })

  it('works across processes on one store: each sends what the other wrote', async () => {
    await using folder = await freshDirectory()
    const open = () =>
      openSqlite({ aggregates: FORUM.aggregates, file: join(folder.directory, 'forum.db'), migrates: true })
    const drivers = await Promise.all([open(), open()])
    await using one = await openForum({ store: createStore(drivers[0]) })
    await using other = await openForum({ store: createStore(drivers[1]), identity: one.identity })
    const give = await givingTo(one, one.alice, one.bob)
    const streams = [
      await listenAs(one.alice, await urlOf(one.http)),
      await listenAs(one.alice, await urlOf(other.http)),
    ]

    const given: string[] = []
    for (let n = 0; n < 10; n++) given.push(await give(n % 2 ? one.services : other.services))
    await Promise.all(streams.map((stream) => stream.receives(10)))

    for (const stream of streams) assert.deepEqual(stream.comments(), given)
    for (const stream of streams) stream.leave()
    await Promise.all([one.http.close(), other.http.close()])
    for (const driver of drivers) await driver.close()
  })

  it('is woken by what this very process gives', async () => {
    await using forum = await openForum()
    const give = await givingTo(forum, forum.alice, forum.bob)
    const stream = await listenAs(forum.alice, await urlOf(forum.http))
    await sleep(100)

    const start = performance.now()
    for (let n = 1; n <= 5; n++) {
      await give(forum.services)
      await stream.receives(n)
    }
    const milliseconds = performance.now() - start

    assert.ok(milliseconds < 1_500, `${milliseconds} ms for five in a row`)
    stream.leave()
  })

  it('sits out a store that is away', async () => {
    await using forum = await openForum()
    const give = await givingTo(forum, forum.alice, forum.bob)
    const stream = await listenAs(forum.alice, await urlOf(forum.http))
    const { listAfter } = forum.services.notifications
    forum.services.notifications.listAfter = () => Promise.reject(new DependencyUnavailable('database'))

    const given = await give(forum.services)
    await sleep(300)
    forum.services.notifications.listAfter = listAfter
    await stream.receives(1)

    assert.deepEqual(stream.comments(), [given])
    stream.leave()
  })

  it('ends when it fails, and the log says why', async () => {
    await using forum = await openForum()
    const url = await urlOf(forum.http)
    forum.services.notifications.listAfter = () => Promise.reject(new TypeError('x is not a function'))

    const stream = await listenAs(forum.alice, url)

    assert.equal(await stream.ended, 'ended')
    await until('it is logged', () => forum.lines.some((line) => line.includes('x is not a function')))
  })

  it('ends for an account that is disabled meanwhile, and sends nothing more', async () => {
    await using forum = await openForum()
    const give = await givingTo(forum, forum.alice, forum.bob)
    const url = await urlOf(forum.http)
    const stream = await listenAs(forum.alice, url)
    await give(forum.services)
    await stream.receives(1)

    await disable(forum, forum.alice.id)
    await give(forum.services)

    assert.equal(await stream.ended, 'ended')
    assert.equal(stream.received.length, 1)
    assertProblem(await forum.call(forum.alice, 'GET', STREAM), 403, 'account-disabled')
  })

  it('is refused without a token, with other types, and after what is no id', async () => {
    await using forum = await openForum()
    const ask = (headers: Record<string, string>) => forum.call(forum.alice, 'GET', STREAM, { headers })

    assertProblem(await forum.call(null, 'GET', STREAM), 401, 'authentication-required')
    assertProblem(await ask({ accept: 'application/json' }), 406, 'not-acceptable')
    assertProblem(await ask({ accept: 'text/event-stream;q=0' }), 406, 'not-acceptable')
    for (const id of ['1', '', 'abc', `${randomUUID()}x`, `urn:uuid:${randomUUID()}`, "' or 1=1--"]) {
      assertProblem(await ask({ 'last-event-id': id }), 422, 'validation-failed')
    }
    assertProblem(await forum.call(forum.alice, 'GET', `${STREAM}?a=b`), 422, 'validation-failed')
    assert.equal((await forum.call(forum.alice, 'HEAD', STREAM)).status, 405)
    assert.equal((await ask({ accept: 'text/event-stream', 'last-event-id': '1' })).status, 422)
  })
})

const actor = (id: string) => ({
  userId: UserId.parse(id),
  profile: { username: 'alice', fullName: null, email: null },
  isSuperAdmin: false,
})
