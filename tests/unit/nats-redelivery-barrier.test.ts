import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import type { JsMsg } from '@nats-io/jetstream'
import {
  createRedeliveryBarrier,
  type RedeliveryBarrier,
} from '../../src/infrastructures/message-queue/nats/redelivery-barrier.ts'
import { eventually } from '../contracts/queue-world.ts'

const message = (seq: number) => ({ seq }) as JsMsg
const barriers: RedeliveryBarrier[] = []
const setUp = (unfinished: () => Promise<number>) => {
  const passed: number[] = []
  const failures: Error[] = []
  const barrier = createRedeliveryBarrier(
    unfinished,
    ({ seq }) => passed.push(seq),
    (error) => failures.push(error),
  )
  barriers.push(barrier)
  return { barrier, passed, failures }
}

describe('the redelivery barrier of a lost consumer', () => {
  afterEach(() => {
    for (const barrier of barriers.splice(0)) barrier.close()
  })

  it('holds messages until all unfinished ones were redelivered, and then releases them in order', async () => {
    const { barrier, passed } = setUp(async () => 4)

    for (const seq of [7, 3, 8]) barrier.receive(message(seq))
    await new Promise((resolve) => setTimeout(resolve, 300))
    assert.deepEqual(passed, [])
    barrier.receive(message(5))

    await eventually('it opened', () => passed.length === 4)
    barrier.receive(message(9))
    assert.deepEqual(passed, [3, 5, 7, 8, 9])
  })

  it('counts a message that comes twice once', async () => {
    const { barrier, passed } = setUp(async () => 2)

    for (const seq of [1, 1]) barrier.receive(message(seq))
    await new Promise((resolve) => setTimeout(resolve, 300))

    assert.deepEqual(passed, [])
    barrier.receive(message(2))
    await eventually('it opened', () => passed.length === 2)
  })

  it('is open at once where nothing was left', async () => {
    const { barrier, passed } = setUp(async () => 0)
    await new Promise(setImmediate)

    barrier.receive(message(1))

    assert.deepEqual(passed, [1])
  })

  it('stays shut when it is closed, and says when the server does not answer', async () => {
    const closed = setUp(async () => 1)
    closed.barrier.receive(message(1))
    closed.barrier.close()
    const broken = setUp(() => Promise.reject(new Error('no answer')))

    await new Promise((resolve) => setTimeout(resolve, 300))

    assert.deepEqual(closed.passed, [])
    assert.match(String(broken.failures), /no answer/)
  })
})
