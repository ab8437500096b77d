import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { retry } from '../../src/patterns/retry.ts'

const everything = () => true
const nothing = () => false

/** A task that fails so many times, and the pauses that were made for it. */
function failing(times: number, random: () => number = () => 1) {
  const pauses: number[] = []
  let runs = 0
  return {
    pauses,
    runs: () => runs,
    task: async () => {
      if (++runs <= times) throw new Error(`failure ${runs}`)
      return `success ${runs}`
    },
    settings: (attempts: number) => ({
      attempts,
      minBackoffMs: 4,
      random,
      sleep: async (milliseconds: number) => void pauses.push(milliseconds),
    }),
  }
}

describe('retrying', () => {
  it('gives the first success, without a pause before the first attempt', async () => {
    const { task, settings, pauses } = failing(0)

    assert.equal(await retry(task, everything, settings(10)), 'success 1')
    assert.deepEqual(pauses, [])
  })

  it('tries again after transient failures', async () => {
    const { task, settings } = failing(2)

    assert.equal(await retry(task, everything, settings(3)), 'success 3')
  })

  it('gives up after so many attempts, with the last failure and without a pause at the end', async () => {
    const { task, settings, runs, pauses } = failing(Number.POSITIVE_INFINITY)

    await assert.rejects(retry(task, everything, settings(3)), { message: 'failure 3' })

    assert.deepEqual([runs(), pauses.length], [3, 2])
  })

  it('does not try again after any other failure', async () => {
    const { task, settings, runs, pauses } = failing(1)

    await assert.rejects(retry(task, nothing, settings(10)), { message: 'failure 1' })

    assert.deepEqual([runs(), pauses], [1, []])
  })

  it('judges each failure anew', async () => {
    const { task, settings } = failing(3)
    const untilTheSecond = (error: unknown) => error instanceof Error && error.message !== 'failure 2'

    await assert.rejects(retry(task, untilTheSecond, settings(10)), { message: 'failure 2' })
  })

  it('takes a task that throws at once like one that rejects', async () => {
    const { settings, pauses } = failing(0)
    const task = () => {
      throw new Error('at once')
    }

    await assert.rejects(retry(task, everything, settings(2)), { message: 'at once' })

    assert.equal(pauses.length, 1)
  })

  it('doubles the bound of the pauses', async () => {
    const { task, settings, pauses } = failing(5)

    await retry(task, everything, settings(10))

    assert.deepEqual(pauses, [4, 8, 16, 32, 64])
  })

  it('draws each pause at random below its bound', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 9 }), async (draws) => {
        const { task, settings, pauses } = failing(9, () => draws.shift() ?? 0)
        const wanted = draws.slice(0, 9).map((draw, index) => draw * 4 * 2 ** index)

        await retry(task, everything, settings(10))

        assert.deepEqual(pauses, wanted)
      }),
    )
  })
})
