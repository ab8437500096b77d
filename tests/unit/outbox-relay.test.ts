import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { type OutboxClaims, type RelayOptions, startOutboxRelay } from '../../src/patterns/outbox-relay.ts'

const options: RelayOptions = {
  batch: 2,
  leaseMs: 10_000,
  claimIntervalMs: 1_000,
  lingerMs: 20,
  contendedClaimIntervalMs: 50,
  minBackoffMs: 100,
  maxBackoffMs: 400,
}

/** What goes wrong: the numbers of the claims whose publishing, confirming or releasing fails, or that others hold. */
type Trouble = Partial<Record<'publish' | 'confirm' | 'release' | 'held', readonly number[]>> &
  Readonly<{ /** Never confirmed by the queue. */ stuck?: readonly number[] }>

/** An outbox of numbers in memory, a queue, and a relay whose pauses the test ends. */
function setUp(pending: number[], trouble: Trouble = {}) {
  const log: string[] = []
  const pauses: { milliseconds: number; end: () => void }[] = []
  let attempt = 0

  function mustSucceed(action: 'publish' | 'confirm' | 'release'): void {
    if (trouble[action]?.includes(attempt)) throw new Error(`cannot ${action}`)
  }

  const claims: OutboxClaims<number> = {
    async claim(limit, leaseMs) {
      assert.equal(leaseMs, options.leaseMs)
      attempt++
      if (trouble.held?.includes(attempt)) return null
      return { token: `claim ${attempt}`, events: pending.slice(0, limit) }
    },
    async confirm({ token, events }) {
      mustSucceed('confirm')
      log.push(`confirmed ${token}`)
      for (const event of events) pending.splice(pending.indexOf(event), 1)
    },
    async release({ token }) {
      mustSucceed('release')
      log.push(`released ${token}`)
    },
  }

  const relay = startOutboxRelay<number>({
    claims,
    async publish(events) {
      mustSucceed('publish')
      log.push(`published ${events.join(' ')}`)
      return events.filter((event) => trouble.stuck?.includes(event))
    },
    onFailure: (error) => log.push((error as Error).message),
    sleep: (milliseconds) => new Promise((end) => pauses.push({ milliseconds, end })),
    random: () => 1,
    options,
  })

  async function settle(): Promise<void> {
    for (let i = 0; i < 5; i++) await turn()
  }

  return {
    relay,
    log,
    pending,
    settle,
    claims: () => attempt,
    paused: () => pauses.map(({ milliseconds }) => milliseconds),
    async endPause(): Promise<void> {
      pauses.at(-1)?.end()
      await settle()
    },
  }
}

describe('the relay of an outbox', () => {
  it('publishes batch by batch, each confirmed before the next one is claimed', async () => {
    const { relay, log, settle } = setUp([1, 2, 3])

    await settle()

    assert.deepEqual(log, ['published 1 2', 'confirmed claim 1', 'published 3', 'confirmed claim 2'])
    await relay.stop()
  })

  it('looks again at once after a full batch, and after a while when nothing is left', async () => {
    const { relay, log, pending, paused, settle, endPause } = setUp([1, 2])
    await settle()
    assert.deepEqual(paused(), [1_000])

    pending.push(3)
    await endPause()
    await endPause()

    assert.deepEqual(log.slice(2), ['published 3', 'confirmed claim 3'])
    await relay.stop()
  })

  it('gathers for a moment what comes after it was woken, and claims it together', async () => {
    const { relay, log, pending, paused, settle, endPause } = setUp([])
    await settle()

    pending.push(1)
    relay.wake()
    await settle()
    pending.push(2)
    relay.wake()
    assert.deepEqual(paused(), [1_000, 20])
    await endPause()

    assert.deepEqual(log, ['published 1 2', 'confirmed claim 2'])
    await relay.stop()
  })

  it('forgets no call that comes while it is busy', async () => {
    const { relay, log, pending, paused, settle, endPause } = setUp([1])

    pending.push(2, 3)
    relay.wake()
    await settle()
    await endPause()

    assert.deepEqual(paused().slice(0, 2), [20, 1_000])
    assert.deepEqual(log, ['published 1', 'confirmed claim 1', 'published 2 3', 'confirmed claim 2'])
    await relay.stop()
  })

  it('waits while the claim of another relay holds, also when it is woken, and then tries again', async () => {
    const { relay, log, paused, settle, endPause } = setUp([1], { held: [1, 2] })
    await settle()

    relay.wake()
    await settle()
    assert.deepEqual(paused(), [50])
    await endPause()
    await endPause()

    assert.deepEqual(paused().slice(0, 2), [50, 50])
    assert.deepEqual(log, ['published 1', 'confirmed claim 3'])
    await relay.stop()
  })

  it('backs off after each failure, also when it is woken, and starts anew after a success', async () => {
    const { relay, log, pending, paused, settle, endPause } = setUp([1], { publish: [1, 2, 3, 4, 6] })

    for (let failure = 0; failure < 4; failure++) {
      await settle()
      relay.wake()
      await settle()
      await endPause()
    }
    assert.deepEqual(paused().slice(0, 4), [100, 200, 400, 400])
    assert.deepEqual(log.slice(-2), ['published 1', 'confirmed claim 5'])

    pending.push(2)
    await endPause()
    assert.equal(paused().at(-1), 100)
    assert.deepEqual(log.slice(-2), ['released claim 6', 'cannot publish'])
    await relay.stop()
  })

  it('gives a claim back whose events could not be published, and confirms none of them', async () => {
    const { relay, log, settle } = setUp([1], { publish: [1] })

    await settle()

    assert.deepEqual(log, ['released claim 1', 'cannot publish'])
    await relay.stop()
  })

  it('gives a claim back that could not be confirmed, and publishes its events again', async () => {
    const { relay, log, settle, endPause } = setUp([1], { confirm: [1] })

    await settle()
    await endPause()

    const second = ['published 1', 'confirmed claim 2']
    assert.deepEqual(log, ['published 1', 'released claim 1', 'cannot confirm', ...second])
    await relay.stop()
  })

  it('survives that a claim cannot be released, and reports both failures', async () => {
    const { relay, log, settle, endPause } = setUp([1], { publish: [1], release: [1] })

    await settle()
    await endPause()

    assert.deepEqual(log, ['cannot release', 'cannot publish', 'published 1', 'confirmed claim 2'])
    await relay.stop()
  })

  it('ends after the current batch', async () => {
    const { relay, log, settle } = setUp([1, 2, 3, 4])

    await relay.stop()
    await settle()

    assert.deepEqual(log, ['published 1 2', 'confirmed claim 1'])
  })

  for (const [name, pending, trouble, milliseconds] of [
    ['when nothing is pending', [], {}, 1_000],
    ['while the claim of another holds', [1], { held: [1] }, 50],
    ['after a failure', [1], { publish: [1] }, 100],
  ] as const) {
    it(`ends at once in the pause ${name}`, async () => {
      const { relay, paused, claims, settle } = setUp([...pending], trouble)
      await settle()

      await relay.stop()

      assert.deepEqual([paused(), claims()], [[milliseconds], 1])
    })
  }

  it('ends at once while it gathers', async () => {
    const { relay, paused, claims, settle } = setUp([])
    await settle()
    relay.wake()
    await settle()

    await relay.stop()

    assert.deepEqual([paused(), claims()], [[1_000, 20], 1])
  })

  it('goes on with what comes after events that the queue does not confirm, and publishes those again', async () => {
    const { relay, log, pending, paused, settle, endPause } = setUp([1, 2, 3, 4, 5, 6], { stuck: [1, 2, 3, 5] })

    await settle()
    assert.deepEqual([pending, paused()], [[1, 2, 3, 4, 5, 6], [1_000]])
    for (let pause = 0; pause < 4; pause++) await endPause()

    assert.deepEqual(log, [
      ...['published 1 2', 'released claim 1', 'published 1 2 3 4', 'confirmed claim 2'],
      ...['published 1 2 3 5 6', 'confirmed claim 3', 'published 1 2 3 5', 'released claim 4'],
    ])
    assert.deepEqual(pending, [1, 2, 3, 5])
    await relay.stop()
  })
})
