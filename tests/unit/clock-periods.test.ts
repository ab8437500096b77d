import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { startClockPeriods } from '../../src/main/clock-periods.ts'

const HOUR = 3_600_000
const MINUTE = 60_000
/** A quarter past some full hour. */
const START = 500_000 * HOUR + 15 * MINUTE

/** A process, whose pauses the test ends: each moves the clock on. */
function open({ fails = () => false, lasts = async () => {}, claimed = new Set<number>() }: Partial<Setting> = {}) {
  const clock = { now: START }
  const [runs, failures, pauses]: [number[], string[], { ms: number; end: () => void }[]] = [[], [], []]
  const sleep = (ms: number) => new Promise<void>((end) => pauses.push({ ms, end }))
  const periods = startClockPeriods(
    async () => {
      runs.push((clock.now - START) / MINUTE)
      if (fails(runs.length)) throw new Error('away')
      await lasts()
    },
    {
      ...{ everyMs: HOUR, sleep, now: () => clock.now },
      claim: async (period) => !claimed.has(period) && claimed.add(period) !== undefined,
      onFailure: (error) => failures.push((error as Error).message),
    },
  )

  /** Ends the current pause, by a clock that is so far behind. */
  async function next(behindMs = 0): Promise<number> {
    const { ms, end } = pauses.at(-1) ?? assert.fail('it does not pause')
    clock.now += ms - behindMs
    end()
    await turn()
    return ms
  }
  return { periods, runs, failures, pauses, next, claimed }
}

type Setting = Readonly<{ fails: (run: number) => boolean; lasts: () => Promise<void>; claimed: Set<number> }>

describe('a task of each period of the clock', () => {
  it('runs at the full hour, once, also when the timer is early', async () => {
    const { periods, runs, next } = open()
    assert.deepEqual(runs, [])
    for (const behindMs of [0, 5, 0]) await next(behindMs)
    // The pause of five milliseconds that is left leads to a period which is claimed already.
    assert.deepEqual(runs, [45, 105 - 5 / MINUTE])
    await next()
    assert.equal(runs.length, 3)
    await periods.stop()
  })

  it('is for one of the processes that have the same claims', async () => {
    const one = open()
    const other = open({ claimed: one.claimed })
    for (let hour = 0; hour < 3; hour++) await Promise.all([one.next(), other.next()])
    assert.equal(one.runs.length + other.runs.length, 3)
    await Promise.all([one.periods.stop(), other.periods.stop()])
  })

  it('keeps the others away for as long as it runs, also when the next period begins', async (test) => {
    test.mock.timers.enable({ apis: ['setInterval'] })
    const { promise, resolve } = Promise.withResolvers<void>()
    const { periods, next, claimed } = open({ lasts: () => promise })
    await next()
    assert.equal(claimed.size, 1)
    test.mock.timers.tick(HOUR / 2)
    assert.equal(claimed.size, 2)
    resolve()
    await periods.stop()
    test.mock.timers.tick(HOUR)
    assert.equal(claimed.size, 2)
  })

  it('is tried again each minute of its period after a failure, then left until the next', async () => {
    const { periods, runs, failures, next } = open({ fails: (run) => run <= 2 })
    await next()
    assert.deepEqual([await next(), await next()], [MINUTE, MINUTE])
    assert.deepEqual(
      [runs, failures],
      [
        [45, 46, 47],
        ['away', 'away'],
      ],
    )
    assert.equal(await next(), HOUR - 2 * MINUTE)
    await periods.stop()
  })

  it('ends its attempts in time for the next period, which any process may claim', async () => {
    const { periods, runs, next, claimed } = open({ fails: () => true })
    await next()
    while ((await next()) === MINUTE);
    assert.deepEqual([runs.length > 40, claimed.size], [true, 2])
    await periods.stop()
  })

  it('runs no more once it is stopped, not even again after a failure', async () => {
    const { periods, runs, next, pauses } = open({ fails: () => true })
    await next()
    await periods.stop()
    await turn()
    assert.deepEqual([runs.length, pauses.length], [1, 2])
  })
})
