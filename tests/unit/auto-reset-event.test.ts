import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { createAutoResetEvent } from '../../src/patterns/auto-reset-event.ts'

/** Whether something comes without anyone doing more. */
const comes = async (something: Promise<unknown>): Promise<boolean> =>
  (await Promise.race([something.then(() => 'it'), turn('nothing')])) === 'it'

describe('an auto-reset event', () => {
  it('resumes its waiter once', async () => {
    const event = createAutoResetEvent()
    const waiting = event.wait()
    assert.equal(await comes(waiting), false)

    event.set()
    event.set()

    assert.equal(await comes(waiting), true)
    assert.equal(await comes(event.wait()), false)
  })

  it('stays set for a later waiter, also if it is set while one resumes', async () => {
    const event = createAutoResetEvent()

    event.set()

    assert.equal(await comes(event.wait()), true)
    assert.equal(await comes(event.wait()), false)
    event.set()
    assert.equal(await comes(event.wait()), true)
  })

  it('ends a wait when something else comes first, and works afterwards', async () => {
    const event = createAutoResetEvent()

    assert.equal(await comes(event.wait(() => Promise.resolve())), true)
    const waiting = event.wait(() => new Promise(() => {}))
    event.set()

    assert.equal(await comes(waiting), true)
  })
})
