import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { runGuarded } from '../../src/domains/services/account-guard.ts'

const soon = async <Result>(result: Result): Promise<Result> => turn(result)
const failing = async (message: string): Promise<never> => {
  throw new Error(message)
}
const failingSoon = async (message: string): Promise<never> => failing(await soon(message))

describe('a check beside the work that it guards', () => {
  it('lets the result of the work pass', async () => {
    assert.equal(await runGuarded(soon('checked'), Promise.resolve('done')), 'done')
    assert.equal(await runGuarded(Promise.resolve('checked'), soon('done')), 'done')
  })

  it('rejects with the failure of either', async () => {
    await assert.rejects(runGuarded(failing('check'), soon('done')), { message: 'check' })
    await assert.rejects(runGuarded(soon('checked'), failing('work')), { message: 'work' })
  })

  it('rejects with the failure of the check, whichever comes first', async () => {
    await assert.rejects(runGuarded(failingSoon('check'), failing('work')), { message: 'check' })
    await assert.rejects(runGuarded(failing('check'), failingSoon('work')), { message: 'check' })
  })

  it('does not wait for the work once the check has failed', async () => {
    const never = new Promise<never>(() => {})

    await assert.rejects(runGuarded(failing('check'), never), { message: 'check' })
  })

  it('leaves no failure unheard that would end the process', async (t) => {
    const unheard: unknown[] = []
    const listen = (reason: unknown) => unheard.push(reason)
    process.on('unhandledRejection', listen)
    t.after(() => process.off('unhandledRejection', listen))

    await runGuarded(failing('check'), failingSoon('work')).catch(() => {})
    await runGuarded(failingSoon('check'), failing('work')).catch(() => {})
    await turn()
    await turn()

    assert.deepEqual(unheard, [])
  })
})
