import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { DependencyUnavailable } from '../../src/domains/errors/dependency-errors.ts'
import { type Consumer, PartlyConfirmed, PoisonMessage } from '../../src/domains/ports/message-queue.ts'
import { memoryQueue } from '../../src/infrastructures/message-queue/memory/memory-queue.ts'
import { until } from '../kit/command.ts'

const reader: Consumer = { name: 'reader', attempts: 3, timeoutMs: 1_000 }
const OPTIONS = { namespace: 'tests', retentionMs: 1_000, minBackoffMs: 1, onError: () => {} }
const message = { id: 'm1', key: 'k', topic: 't', body: '{}' }

/** A queue that confirms what was handled, and what became of a message that was published to it. */
function publishOne() {
  const queue = memoryQueue({ ...OPTIONS, consumers: [reader.name], ackAfterHandling: true })
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

  it('confirms the others while one consumer cannot handle its messages, and those as soon as it can', async () => {
    const [stuck, flowing] = ['stuck', 'flowing'].map((name) => ({ ...reader, name })) as [Consumer, Consumer]
    const queue = memoryQueue({ ...OPTIONS, consumers: [stuck.name, flowing.name], ackAfterHandling: true })
    const handled: Record<string, string[]> = { stuck: [], flowing: [] }
    const away = new Set(['a1', 'a2'])
    const texts = (body: Uint8Array) => Buffer.from(body).toString()
    await queue.consume(flowing, async ({ body }) => void handled['flowing']?.push(texts(body)))
    await queue.consume(stuck, async ({ body }) => {
      if (away.has(texts(body))) throw new DependencyUnavailable('authorization engine')
      handled['stuck']?.push(texts(body))
    })
    const [first, second, other] = ['a1', 'a2', 'b1'].map((id) => ({ ...message, id, key: id.slice(0, 1), body: id }))
    assert.ok(first && second && other)

    await assert.rejects(queue.publish([first]), (error: PartlyConfirmed) => error.unconfirmed.has('a1'))
    await assert.rejects(queue.publish([first, second, other]), (error: PartlyConfirmed) => {
      assert.deepEqual([...error.unconfirmed], ['a1', 'a2'])
      return error instanceof PartlyConfirmed
    })
    assert.deepEqual(handled, { stuck: ['b1'], flowing: ['a1', 'a2', 'b1'] })

    away.clear()
    await until('it can again', async () => handled['stuck']?.length === 3)
    await queue.publish([first, second, other])
    assert.deepEqual(handled, { stuck: ['b1', 'a1', 'a2'], flowing: ['a1', 'a2', 'b1'] })
    await queue.close()
  })
})
