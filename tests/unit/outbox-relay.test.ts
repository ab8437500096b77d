import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { type OutboxClaims, type RelayOptions, startOutboxRelay } from '../../src/patterns/outbox-relay.ts'

const options: RelayOptions = { batch: 2, leaseMs: 10_000, pollMs: 1_000, firstPauseMs: 100, longestPauseMs: 400 }

/** An outbox of numbers in memory, a queue that fails when told to, and a relay whose pauses end when told to. */
function setUp(pending: number[], failing: readonly number[] = []) {
  const log: string[] = []
  const pauses: { milliseconds: number; end: () => void }[] = []
  let attempt = 0
  let claimed: readonly number[] = []

  const claims: OutboxClaims<number> = {
    async claim(limit) {
      claimed = pending.slice(0, limit)
      return { token: `claim ${++attempt}`, events: claimed }
    },
    async confirm(token) {
      log.push(`confirmed ${token}`)
      pending.splice(0, claimed.length)
    },
    async release(token) {
      log.push(`released ${token}`)
    },
  }

  const relay = startOutboxRelay<number>({
    claims,
    async publish(events) {
      if (failing.includes(attempt)) throw new Error('the queue is down')
      log.push(`published ${events.join(' ')}`)
    },
    onFailure: (error) => log.push((error as Error).message),
    sleep: (milliseconds) => new Promise((end) => pauses.push({ milliseconds, end })),
    random: () => 1,
    options,
  })

  async function settle(): Promise<void> {
    for (let i = 0; i < 5; i++) await turn()
  }

  return { relay, log, pauses, pending, settle }
}

describe('the relay of an outbox', () => {
  it('publishes batch by batch, each confirmed before the next one is claimed', async () => {
    const { relay, log, settle } = setUp([1, 2, 3])

    await settle()

    assert.deepEqual(log, ['published 1 2', 'confirmed claim 1', 'published 3', 'confirmed claim 2'])
    await relay.stop()
  })

  it('looks again after a while, and at once when it is woken', async () => {
    const { relay, log, pauses, pending, settle } = setUp([])
    await settle()
    assert.deepEqual(
      pauses.map(({ milliseconds }) => milliseconds),
      [1_000],
    )

    pending.push(1)
    relay.wake()
    await settle()
    assert.deepEqual(log, ['published 1', 'confirmed claim 2'])

    pending.push(2)
    pauses.at(-1)?.end()
    await settle()
    assert.equal(log.at(-2), 'published 2')
    await relay.stop()
  })

  it('forgets no call that comes while it is busy', async () => {
    const { relay, log, pauses, pending, settle } = setUp([1])

    pending.push(2)
    relay.wake()
    await settle()

    assert.deepEqual(log, ['published 1', 'confirmed claim 1', 'published 2', 'confirmed claim 2'])
    assert.equal(pauses.length, 1)
    await relay.stop()
  })

  it('gives a claim back when the queue is down, and pauses longer each time, whoever calls', async () => {
    const { relay, log, pauses, settle } = setUp([1], [1, 2, 3, 4])

    for (let failure = 0; failure < 4; failure++) {
      await settle()
      relay.wake()
      await settle()
      pauses.at(-1)?.end()
    }
    await settle()

    assert.deepEqual(
      pauses.slice(0, 4).map(({ milliseconds }) => milliseconds),
      [100, 200, 400, 400],
    )
    assert.deepEqual(log.slice(0, 2), ['released claim 1', 'the queue is down'])
    assert.deepEqual(log.slice(-2), ['published 1', 'confirmed claim 5'])
    await relay.stop()
  })

  it('confirms nothing that was not published', async () => {
    const { relay, log, pauses, settle } = setUp([1], [1])

    await settle()
    assert.ok(!log.some((line) => line.startsWith('confirmed')))

    pauses.at(-1)?.end()
    await settle()
    await relay.stop()
  })

  it('ends after the batch at hand', async () => {
    const { relay, log, settle } = setUp([1, 2, 3, 4])

    await relay.stop()
    await settle()

    assert.deepEqual(log, ['published 1 2', 'confirmed claim 1'])
  })
})
