import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { startPeriodicTask } from '../../src/patterns/periodic-task.ts'

/** A task that runs when the test ends a pause, and fails at the given runs. */
function setUp(failing: readonly number[] = []) {
  const pauses: { milliseconds: number; end: () => void }[] = []
  const failures: string[] = []
  const runs = { count: 0 }
  const sleep = (milliseconds: number) => new Promise<void>((end) => pauses.push({ milliseconds, end }))
  const onFailure = (error: unknown) => failures.push((error as Error).message)

  async function task(): Promise<void> {
    if (failing.includes(++runs.count)) throw new Error(`run ${runs.count} failed`)
  }

  const periodic = startPeriodicTask(task, { everyMs: 1_000, sleep, random: () => 0.75, onFailure })
  return { periodic, pauses, failures, runs }
}

describe('a periodic task', () => {
  it('runs after each pause, not before, and pauses anew', async () => {
    const { periodic, pauses, runs } = setUp()
    assert.equal(runs.count, 0)

    for (const run of [1, 2]) {
      pauses.at(-1)?.end()
      await turn()
      assert.deepEqual([runs.count, pauses.length, pauses.at(-1)?.milliseconds], [run, run + 1, 1_250])
    }

    await periodic.stop()
  })

  it('goes on after a run that failed, and reports the failure', async () => {
    const { periodic, pauses, failures, runs } = setUp([1])

    pauses.at(-1)?.end()
    await turn()
    pauses.at(-1)?.end()
    await turn()

    assert.deepEqual([failures, runs.count], [['run 1 failed'], 2])
    await periodic.stop()
  })

  it('stops at once while it pauses, and runs no more', async () => {
    const { periodic, pauses, runs } = setUp()

    await periodic.stop()
    pauses.at(-1)?.end()
    await turn()

    assert.equal(runs.count, 0)
  })

  it('signals the current run to stop, and waits for it', async () => {
    const { promise: step, resolve: endStep } = Promise.withResolvers<void>()
    const stopping: boolean[] = []
    const periodic = startPeriodicTask(
      async (isStopping) => {
        stopping.push(isStopping())
        await step
        stopping.push(isStopping())
      },
      { everyMs: 0, sleep: async () => {}, random: () => 0, onFailure: () => {} },
    )
    await turn()

    const stopped = periodic.stop()
    endStep()
    await stopped

    assert.deepEqual(stopping, [false, true])
  })
})
