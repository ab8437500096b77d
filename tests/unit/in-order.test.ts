import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { inOrder } from '../../src/patterns/in-order.ts'

const soon = async <Result>(result: Result): Promise<Result> => turn(result)
const failing = async (message: string): Promise<never> => {
  throw new Error(message)
}
const failingSoon = async (message: string): Promise<never> => failing(await soon(message))

describe('a check beside the work that it guards', () => {
  it('lets the result of the work pass', async () => {
    assert.equal(await inOrder(soon('checked'), Promise.resolve('done')), 'done')
    assert.equal(await inOrder(Promise.resolve('checked'), soon('done')), 'done')
  })

  it('tells the failure of either', async () => {
    await assert.rejects(inOrder(failing('check'), soon('done')), { message: 'check' })
    await assert.rejects(inOrder(soon('checked'), failing('work')), { message: 'work' })
  })

  it('tells the failure of the check first, whichever comes first', async () => {
    await assert.rejects(inOrder(failingSoon('check'), failing('work')), { message: 'check' })
    await assert.rejects(inOrder(failing('check'), failingSoon('work')), { message: 'check' })
  })

  it('does not wait for the work once the check has failed', async () => {
    const never = new Promise<never>(() => {})

    await assert.rejects(inOrder(failing('check'), never), { message: 'check' })
  })

  it('leaves no failure unheard that would end the process', async (t) => {
    const unheard: unknown[] = []
    const listen = (reason: unknown) => unheard.push(reason)
    process.on('unhandledRejection', listen)
    t.after(() => process.off('unhandledRejection', listen))

    await inOrder(failing('check'), failingSoon('work')).catch(() => {})
    await inOrder(failingSoon('check'), failing('work')).catch(() => {})
    await turn()
    await turn()

    assert.deepEqual(unheard, [])
  })
})
