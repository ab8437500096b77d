import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { createAutoResetEvent } from '../../src/patterns/auto-reset-event.ts'

/** Whether something comes without anyone doing more. */
const comes = async (something: Promise<unknown>): Promise<boolean> =>
  (await Promise.race([something.then(() => 'it'), turn('nothing')])) === 'it'

describe('a bell', () => {
  it('wakes who waits, once', async () => {
    const bell = createAutoResetEvent()
    const waiting = bell.wait()
    assert.equal(await comes(waiting), false)

    bell.set()
    bell.set()

    assert.equal(await comes(waiting), true)
    assert.equal(await comes(bell.wait()), false)
  })

  it('is heard by who waits later, also when it rang while they were woken', async () => {
    const bell = createAutoResetEvent()

    bell.set()

    assert.equal(await comes(bell.wait()), true)
    assert.equal(await comes(bell.wait()), false)
    bell.set()
    assert.equal(await comes(bell.wait()), true)
  })

  it('need not ring when something else comes first, and rings on afterwards', async () => {
    const bell = createAutoResetEvent()

    assert.equal(await comes(bell.wait(() => Promise.resolve())), true)
    const waiting = bell.wait(() => new Promise(() => {}))
    bell.set()

    assert.equal(await comes(waiting), true)
  })
})
