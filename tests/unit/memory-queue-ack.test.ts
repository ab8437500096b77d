import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { type Consumer, PoisonMessage } from '../../src/domains/ports/message-queue.ts'
import { memoryQueue } from '../../src/infrastructures/message-queue/memory/memory-queue.ts'

const reader: Consumer = { name: 'reader', attempts: 3, timeoutMs: 1_000 }
const message = { id: 'm1', key: 'k', topic: 't', body: '{}' }

/** A queue that confirms what was handled, and what became of a message that was published to it. */
function publishOne() {
  const options = { namespace: 'tests', retentionMs: 1_000, minBackoffMs: 1, onError: () => {} }
  const queue = memoryQueue({ ...options, consumers: [reader.name], ackAfterHandling: true })
  const outcome = { of: 'pending' }
  void queue.publish([message]).then(
    () => Object.assign(outcome, { of: 'confirmed' }),
    ({ code }) => Object.assign(outcome, { of: code }),
  )
  return { queue, outcome }
}

describe('a memory queue that confirms what was handled', () => {
  it('confirms nothing before the handler has ended', async () => {
    const { queue, outcome } = publishOne()
    const handling = Promise.withResolvers<void>()

    await queue.consume(reader, () => handling.promise)
    await turn()
    assert.equal(outcome.of, 'pending')

    handling.resolve()
    await turn()
    assert.equal(outcome.of, 'confirmed')
    await queue.close()
  })

  it('confirms what was set aside, as it is kept there', async () => {
    const { queue, outcome } = publishOne()

    await queue.consume(reader, async () => {
      throw new PoisonMessage('never')
    })
    await turn()

    assert.equal(outcome.of, 'confirmed')
    assert.deepEqual(await queue.deadLetters(), { reader: 1 })
    await queue.close()
  })

  it('fails when the last consumer goes before it has handled the message', async () => {
    const { queue, outcome } = publishOne()
    const subscription = await queue.consume(reader, async () => {
      throw new Error('not now')
    })

    await turn()
    await subscription.stop()
    await turn()

    assert.equal(outcome.of, 'dependency-unavailable')
    await queue.close()
  })

  it('fails after the last consumer has gone, until there is another', async () => {
    const { queue } = publishOne()
    const subscription = await queue.consume(reader, async () => {})
    await turn()
    await subscription.stop()

    await assert.rejects(queue.publish([{ ...message, id: 'm2' }]), { code: 'dependency-unavailable' })

    await queue.consume(reader, async () => {})
    await queue.publish([{ ...message, id: 'm3' }])
    await queue.close()
  })
})
