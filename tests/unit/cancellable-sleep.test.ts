import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { createCancellableSleep } from '../../src/patterns/cancellable-sleep.ts'

/** Pauses whose timers the test ends, or that are cancelled. */
function setUp() {
  const timers = new Set<() => void>()
  const pauses = createCancellableSleep(async (_, cancelled) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    timers.add(resolve)
    await Promise.race([promise, cancelled])
    timers.delete(resolve)
  })
  return { pauses, timers }
}

/** Whether something comes without anyone doing more. */
const comes = async (something: Promise<unknown>): Promise<boolean> =>
  (await Promise.race([something.then(() => 'it'), turn('nothing')])) === 'it'

describe('pauses', () => {
  it('last as long as their timer', async () => {
    const { pauses, timers } = setUp()

    const pause = pauses.sleep(1_000)
    assert.equal(await comes(pause), false)
    for (const end of timers) end()

    assert.equal(await comes(pause), true)
  })

  it('leave no timer behind when everything ends, and none begins after that', async () => {
    const { pauses, timers } = setUp()
    const pause = pauses.sleep(1_000)
    assert.equal(timers.size, 1)

    pauses.cancel()

    assert.equal(await comes(pause), true)
    assert.equal(timers.size, 0)
    assert.equal(await comes(pauses.sleep(1_000)), true)
    assert.equal(await comes(pauses.sleepUntilSignalled(1_000)), true)
    assert.equal(timers.size, 0)
  })

  it('leave no timer behind when the signal ends them', async () => {
    const { pauses, timers } = setUp()
    const pause = pauses.sleepUntilSignalled(1_000)

    pauses.signal()

    assert.equal(await comes(pause), true)
    assert.equal(timers.size, 0)
  })

  it('are not ended by the signal unless they wait for it', async () => {
    const { pauses, timers } = setUp()
    const pause = pauses.sleep(1_000)

    pauses.signal()

    assert.equal(await comes(pause), false)
    assert.equal(timers.size, 1)
  })

  it('end, though their timer fails', async () => {
    const pauses = createCancellableSleep(() => Promise.reject(new Error('no timer')))

    assert.equal(await comes(pauses.sleep(1_000)), true)
  })
})
