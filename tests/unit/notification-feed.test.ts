import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { NotificationId } from '../../src/domains/entities/notification.ts'
import type { UserId } from '../../src/domains/entities/user.ts'
import { createNotificationFeed, withFeedWakeup } from '../../src/domains/services/notification-feed.ts'
import { alice, aPost, bob, p1 } from '../fixtures.ts'
import { c1 } from '../kit/comments.ts'
import { notificationId, setUpNotifications } from '../kit/notifications.ts'

const [n1, n2] = [notificationId(1), notificationId(2)]

/** A feed over a store that records its queries, with a clock that the test advances. */
function openFeed() {
  const newest = new Map<UserId, NotificationId>()
  const asked: (readonly UserId[])[] = []
  const failures: unknown[] = []
  const sleepers: { due: number; wake: () => void; isCancelled: boolean }[] = []
  const state = { time: 0, failure: null as Error | null }

  const feed = createNotificationFeed({
    reader: {
      async latestIds(owners) {
        asked.push(owners)
        if (state.failure !== null) throw state.failure
        return newest
      },
    },
    sleep: (milliseconds, cancelled) =>
      new Promise((wake) => {
        const sleeper = { due: state.time + milliseconds, wake, isCancelled: false }
        void cancelled.then(() => Object.assign(sleeper, { isCancelled: true }))
        sleepers.push(sleeper)
      }),
    onFailure: (error) => failures.push(error),
  })

  async function pass(milliseconds: number): Promise<void> {
    for (const end = state.time + milliseconds; state.time < end; ) {
      state.time += 10
      for (const sleeper of sleepers.filter(({ due }) => due <= state.time)) sleeper.wake()
      await turn()
    }
  }

  /** A subscriber at a position that counts its calls. */
  function follow(owner: UserId, position: NotificationId | null = null) {
    const subscriber = { position, calls: 0, leave: () => {} }
    subscriber.leave = feed.subscribe({
      owner,
      position: () => subscriber.position,
      onNew: () => void subscriber.calls++,
    })
    return subscriber
  }

  const timers = () => sleepers.filter(({ due, isCancelled }) => due > state.time && !isCancelled).length

  return { feed, follow, pass, newest, asked, failures, state, timers }
}

describe('the feed', () => {
  it('queries nothing without a subscriber, and no more once all have left', async () => {
    const { feed, follow, pass, asked } = openFeed()
    feed.wake()
    await pass(5_000)
    assert.equal(asked.length, 0)

    const one = follow(alice.userId)
    await pass(2_000)
    one.leave()
    const before = asked.length
    await pass(5_000)

    assert.ok(before > 0)
    assert.equal(asked.length, before)
  })

  it('holds no timer once all have left, and queries at once for the next subscriber', async () => {
    const { follow, pass, asked, timers } = openFeed()
    const [one, other] = [follow(alice.userId), follow(bob.userId)]
    await pass(100)
    one.leave()
    assert.equal(timers(), 1)

    other.leave()
    await turn()
    assert.equal(timers(), 0)
    follow(alice.userId)

    assert.deepEqual([asked.length, asked.at(-1)], [2, [alice.userId]])
  })

  it('queries four times a second for all together, and for each user once', async () => {
    const { follow, pass, asked } = openFeed()
    await pass(100)
    for (let n = 0; n < 100; n++) follow(n % 2 ? alice.userId : bob.userId)

    await pass(10_000)

    assert.ok(asked.length >= 30 && asked.length <= 41, `${asked.length} times in ten seconds`)
    assert.deepEqual(asked.at(-1), [bob.userId, alice.userId])
  })

  it('calls the subscribers that are not at the end, until they are, and no others', async () => {
    const { follow, pass, newest } = openFeed()
    newest.set(alice.userId, n2)
    const [behind, there, other] = [follow(alice.userId, n1), follow(alice.userId, n2), follow(bob.userId)]

    await pass(2_500)
    assert.ok(behind.calls >= 2)
    behind.position = n2
    const before = behind.calls
    await pass(2_500)

    assert.deepEqual([behind.calls, there.calls, other.calls], [before, 0, 0])
  })

  it('polls soon when it is woken, once for all that wake it together', async () => {
    const { feed, follow, pass, newest, asked } = openFeed()
    const one = follow(alice.userId)
    await pass(500)
    const before = asked.length

    newest.set(alice.userId, n1)
    for (let n = 0; n < 50; n++) feed.wake()
    await pass(100)

    assert.deepEqual([asked.length - before, one.calls], [1, 1])
  })

  it('goes on after a failure, which it reports', async () => {
    const { follow, pass, newest, failures, state } = openFeed()
    state.failure = new Error('The store is away.')
    const one = follow(alice.userId)
    newest.set(alice.userId, n1)
    await pass(3_000)
    assert.equal(one.calls, 0)

    state.failure = null
    await pass(300)

    assert.ok(failures.length >= 2)
    assert.equal(one.calls, 1)
  })

  it('is woken by a service that gave something, and by no repetition', async () => {
    const { notificationService } = setUpNotifications({ posts: [aPost()] })
    let woken = 0
    const service = withFeedWakeup(notificationService, { wake: () => void woken++ })
    const message = { consumer: 'notifications', id: 'm1', subject: c1, version: 1, digest: 'abc' }
    const comment = { id: c1, postId: p1, ownerId: bob.userId }

    const results = [
      await service.commentWritten({ message, comment }),
      await service.commentWritten({ message, comment }),
    ]

    assert.deepEqual([results, woken], [[true, false], 1])
    assert.notEqual(await service.latestId({ reader: alice }), null)
  })
})
