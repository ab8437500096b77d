import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { UserId } from '../../src/domains/entities/user.ts'
import { DependencyUnavailable } from '../../src/domains/errors/dependency-errors.ts'
import { until } from '../kit/command.ts'
import { openGrpcForum } from '../kit/grpc.ts'
import { assertRefused, type Watch } from '../kit/grpc-client.ts'
import { openSession, unread } from '../kit/grpc-frames.ts'
import { givingTo } from '../kit/notifications.ts'

const commentsOf = ({ received }: Watch) => received.map(({ commentId }) => commentId)
const receives = (watch: Watch, howMany: number) =>
  until(`${howMany} are received`, () => watch.received.length >= howMany)

async function setUp() {
  const forum = await openGrpcForum()
  const giveTo = await givingTo(forum, forum.alice, forum.bob)
  const give = (services = forum.services) => giveTo(services)
  return { forum, give, [Symbol.asyncDispose]: () => forum[Symbol.asyncDispose]() }
}

describe('WatchNotifications', () => {
  it('opens at once, and gives what comes from now on, as the list has it', async () => {
    await using world = await setUp()
    const { forum, give } = world
    await give()
    const watch = forum.watch(forum.alice)
    const headers = await watch.opened

    const given = [await give(), await give(), await give()]
    await receives(watch, 3)

    assert.match(String(headers.get('x-request-id')[0]), /^[\w.-]{8,128}$/)
    assert.deepEqual(commentsOf(watch), given)
    const { message } = await forum.rpc(forum.alice, 'forum.v1.NotificationService/ListNotifications', { pageSize: 3 })
    const byId = (one: { id: string }, other: { id: string }) => (one.id < other.id ? -1 : 1)
    assert.deepEqual(watch.received.toSorted(byId), message.notifications.toSorted(byId))
    watch.leave()
  })

  it('goes on after the last notification that was seen, in any letter case: nothing twice, nothing missed', async () => {
    await using world = await setUp()
    const { forum, give } = world
    const first = forum.watch(forum.alice)
    await first.opened
    const given = [await give()]
    await receives(first, 1)
    first.leave()
    assert.equal((await first.ended).status, 'CANCELLED')

    for (let n = 0; n < 120; n++) given.push(await give())
    const second = forum.watch(forum.alice, first.received[0]?.id.toUpperCase())
    await receives(second, 120)

    assert.deepEqual([...commentsOf(first), ...commentsOf(second)], given)
    second.leave()
  })

  it('gives all of it after an id that is unknown', async () => {
    await using world = await setUp()
    const { forum, give } = world
    const given = [await give(), await give()]
    const watch = forum.watch(forum.alice, '01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f')
    await receives(watch, 2)

    assert.deepEqual(commentsOf(watch), given)
    watch.leave()
  })

  it('sends a notification to its owner only', async () => {
    await using world = await setUp()
    const { forum, give } = world
    const [alice, bob] = [forum.watch(forum.alice), forum.watch(forum.bob)]
    await Promise.all([alice.opened, bob.opened])

    await give()
    await receives(alice, 1)

    assert.equal(bob.received.length, 0)
    for (const watch of [alice, bob]) watch.leave()
  })

  it('sits out a store that is away', async () => {
    await using world = await setUp()
    const { forum, give } = world
    const watch = forum.watch(forum.alice)
    await watch.opened
    const { listAfter } = forum.services.notifications
    forum.services.notifications.listAfter = () => Promise.reject(new DependencyUnavailable('database'))
    const given = await give()
    forum.services.notifications.listAfter = listAfter
    await receives(watch, 1)

    assert.deepEqual(commentsOf(watch), [given])
    watch.leave()
  })

  it('ends with the reason when the account is disabled', async () => {
    await using world = await setUp()
    const { forum, give } = world
    const watch = forum.watch(forum.alice)
    await watch.opened
    await forum.services.users.change({ id: UserId.parse(forum.alice.id), change: { isActive: false } })
    await give()

    assertRefused(await watch.ended, 'PERMISSION_DENIED', 'ACCOUNT_DISABLED')
    assert.equal(watch.received.length, 0)
    assertRefused(await forum.watch(forum.alice).ended, 'PERMISSION_DENIED', 'ACCOUNT_DISABLED')
  })

  it('ends when it fails, says nothing of the inside, and the log says why', async () => {
    await using world = await setUp()
    const { forum } = world
    forum.services.notifications.listAfter = () => Promise.reject(new TypeError('x is not a function'))

    assertRefused(await forum.watch(forum.alice).ended, 'INTERNAL', 'INTERNAL')
    assert.ok(forum.grpcLines.some((line) => line.includes('x is not a function')))
  })

  it('refuses what is no id', async () => {
    await using world = await setUp()
    const answer = await world.forum.watch(world.forum.alice, 'abc').ended

    assertRefused(answer, 'INVALID_ARGUMENT', 'VALIDATION_FAILED')
    assert.deepEqual(
      answer.violations.map(({ field }) => field),
      ['last_notification_id'],
    )
  })

  it('is limited to five of a user, and gives the place back', async () => {
    await using world = await setUp()
    const { forum } = world
    const watches = Array.from({ length: 5 }, () => forum.watch(forum.alice))
    await Promise.all(watches.map(({ opened }) => opened))

    assertRefused(await forum.watch(forum.alice).ended, 'RESOURCE_EXHAUSTED', 'RATE_LIMITED')
    await forum.watch(forum.bob).opened
    watches[0]?.leave()
    await until('one is closed', () =>
      forum.grpcLines.some((line) => /WatchNotifications.*"rpc.grpc.status_code":1,/.test(line)),
    )
    await forum.watch(forum.alice).opened
  })

  it('ends when its deadline has passed', async () => {
    await using world = await setUp()
    const { forum } = world
    const { status } = await forum.watch(forum.alice, '', { deadlineMs: 200 }).ended

    assert.equal(status, 'DEADLINE_EXCEEDED')
  })

  it('holds little for a reader who takes nothing, and others are served', async () => {
    await using world = await setUp()
    const { forum, give } = world
    const slow = forum.connect().watch(forum.alice)
    await slow.opened
    slow.stream.pause()
    let fetched = 0
    const { listAfter } = forum.services.notifications
    forum.services.notifications.listAfter = async (query) => {
      const found = await listAfter(query)
      fetched += found.length
      return found
    }

    for (let n = 0; n < 2_000; n++) await give()
    const quick = forum.watch(forum.alice)
    await quick.opened
    await give()
    await receives(quick, 1)

    assert.ok(fetched < 2_000, `${fetched} of 2000 were fetched for a reader that takes nothing`)
    for (const watch of [slow, quick]) watch.leave()
  })

  it('ends when it has lasted long enough, so that its caller comes back with a fresh token', async () => {
    await using forum = await openGrpcForum({ limits: { streamLifetimeMs: 200 } })

    assertRefused(await forum.watch(forum.alice).ended, 'UNAVAILABLE', 'STREAM_EXPIRED')
  })

  it('cuts off those who take nothing, and they do not hold up the end of the server', async () => {
    await using forum = await openGrpcForum()
    const give = await givingTo(forum, forum.alice, forum.bob)
    const session = await openSession(forum.server.port())
    unread(session, 'forum.v1.NotificationService/WatchNotifications', forum.alice.token)
    const watch = forum.watch(forum.alice)
    await watch.opened
    for (let n = 0; n < 600; n++) await give(forum.services)
    await until('all are received', () => watch.received.length === 600)

    const start = performance.now()
    await forum.server.close()

    assert.ok(performance.now() - start < 10_000)
  })
})
