import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Handling } from '../../src/infrastructures/message-queue/handle-in-order.ts'
import { handleUnderLease, type Tenure } from '../../src/infrastructures/message-queue/handle-under-lease.ts'
import { LEASE_MS } from '../../src/infrastructures/message-queue/lease.ts'
import type { Received } from '../../src/infrastructures/message-queue/received.ts'

const aMessage = (id: string): Received => ({
  id,
  key: id,
  body: Buffer.from(id),
  isRepeated: false,
  done: async () => {},
  setAside: async () => {},
})

function openTenure(handle: () => Promise<void> = async () => {}) {
  const counted = { renewals: 0, starts: 0 }
  const tenure: Tenure = {
    trial: {
      consumer: { name: 'name', attempts: 1, timeoutMs: 60_000 },
      firstPauseMs: 1,
      handle: () => {
        counted.starts++
        return handle()
      },
    },
    renew: async () => void counted.renewals++,
    ledger: { load: async () => ({}), save: async () => {} },
    own: new Map(),
    fail: (cause) => assert.fail(cause),
  }
  return { counted, tenure }
}

describe('messages that are handled under a lease', () => {
  it('are handled while it is renewed', async (test) => {
    test.mock.timers.enable({ apis: ['setInterval'] })
    const { counted, tenure } = openTenure()

    await handleUnderLease(tenure, async ({ receive }) => {
      receive(aMessage('one'))
      test.mock.timers.tick(LEASE_MS / 3)
      await new Promise(setImmediate)
    })

    assert.deepEqual(counted, { renewals: 2, starts: 1 })
  })

  it('are let end when the deliveries fail, none is started after them, and the lease ends', async (test) => {
    test.mock.timers.enable({ apis: ['setInterval'] })
    const finish = Promise.withResolvers<void>()
    const { counted, tenure } = openTenure(() => finish.promise)
    const after = Promise.withResolvers<Handling>()

    let isOver = false
    const handled = handleUnderLease(tenure, async (handling) => {
      handling.receive(aMessage('running'))
      after.resolve(handling)
      throw new Error('no more deliveries')
    }).finally(() => {
      isOver = true
    })
    const rejected = assert.rejects(handled, /no more deliveries/)
    const { receive } = await after.promise
    await new Promise(setImmediate)
    receive(aMessage('late'))
    assert.equal(isOver, false)
    finish.resolve()
    await rejected
    test.mock.timers.tick(LEASE_MS)
    await new Promise(setImmediate)

    assert.deepEqual(counted, { renewals: 1, starts: 1 })
  })
})
