import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { LEASE_MS } from '../../src/infrastructures/message-queue/lease.ts'
import { dispatchUnderLease, type LeaseOptions } from '../../src/infrastructures/message-queue/leased-dispatcher.ts'
import type { Dispatcher } from '../../src/infrastructures/message-queue/ordered-dispatcher.ts'
import type { ReceivedMessage } from '../../src/infrastructures/message-queue/received-message.ts'

const aMessage = (id: string): ReceivedMessage => ({
  id,
  key: id,
  body: Buffer.from(id),
  isRedelivered: false,
  ack: async () => {},
  deadLetter: async () => {},
})

function openLease(handle: () => Promise<void> = async () => {}) {
  const counted = { renewals: 0, starts: 0 }
  const options: LeaseOptions = {
    processing: {
      consumer: { name: 'name', attempts: 1, timeoutMs: 60_000 },
      minBackoffMs: 1,
      handle: () => {
        counted.starts++
        return handle()
      },
    },
    renew: async () => void counted.renewals++,
    attemptStore: { load: async () => ({}), save: async () => {} },
    localAttempts: new Map(),
    fail: (cause) => assert.fail(cause),
  }
  return { counted, options }
}

describe('messages that are handled under a lease', () => {
  it('are handled while it is renewed', async (test) => {
    test.mock.timers.enable({ apis: ['setInterval'] })
    const { counted, options } = openLease()

    await dispatchUnderLease(options, async ({ receive }) => {
      receive(aMessage('one'))
      test.mock.timers.tick(LEASE_MS / 3)
      await new Promise(setImmediate)
    })

    assert.deepEqual(counted, { renewals: 2, starts: 1 })
  })

  it('are let end when the deliveries fail, none is started after them, and the lease ends', async (test) => {
    test.mock.timers.enable({ apis: ['setInterval'] })
    const finish = Promise.withResolvers<void>()
    const { counted, options } = openLease(() => finish.promise)
    const after = Promise.withResolvers<Dispatcher>()

    let isOver = false
    const handled = dispatchUnderLease(options, async (handling) => {
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
