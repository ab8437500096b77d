import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createLoopScheduler } from '../../src/controllers/http/load/load-shedder.ts'

/** A scheduler whose steps take a millisecond each, after a turn with a burst of refusals or without. */
function openScheduler(isBurst: () => boolean) {
  const did = { steps: 0, turns: 0 }
  let time = 1
  const step = () => {
    did.steps++
    time++
  }
  const { schedule } = createLoopScheduler({ step, onEnd: () => did.turns++, isBurst, now: () => time })
  return { schedule, did }
}

describe('a turn of the event loop', () => {
  it('does what fits into its time', async () => {
    const { schedule, did } = openScheduler(() => false)
    schedule(5)
    await nextTurn()

    assert.deepEqual(did, { steps: 2, turns: 1 })
  })

  it('starts nothing where it refused a burst, and goes on in the next', async () => {
    let isBurst = true
    const { schedule, did } = openScheduler(() => isBurst)
    schedule(5)
    await nextTurn()
    assert.deepEqual(did, { steps: 0, turns: 1 })

    isBurst = false
    schedule(5)
    await nextTurn()
    assert.deepEqual(did, { steps: 2, turns: 2 })
  })
})
