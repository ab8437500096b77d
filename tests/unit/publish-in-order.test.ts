import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Message } from '../../src/domains/ports/message-queue.ts'
import { publishInOrder } from '../../src/infrastructures/message-queue/publish-in-order.ts'

const unavailable = { code: 'dependency-unavailable' }
const messages = (...ids: readonly string[]): readonly Message[] =>
  ids.map((id) => ({ id, key: id.slice(0, 1), topic: 'post.written', body: id }))

describe('publishing in order', () => {
  it('waits for the confirmation of a message before the next one of its key is sent', async () => {
    const { promise: confirmed, resolve: confirm } = Promise.withResolvers<void>()
    const sent: string[] = []
    const publish = publishInOrder(async ({ id }) => {
      sent.push(id)
      if (id === 'a1') await confirmed
    })

    const publishing = publish(messages('a1', 'a2', 'b1', 'b2'))
    await new Promise(setImmediate)

    assert.deepEqual(sent.toSorted(), ['a1', 'b1', 'b2'])
    confirm()
    await publishing
    assert.deepEqual(sent.toSorted(), ['a1', 'a2', 'b1', 'b2'])
  })

  it('sends nothing more of a key whose message was refused, and says that the queue is unavailable', async () => {
    const sent: string[] = []
    const publish = publishInOrder(async ({ id }) => {
      sent.push(id)
      if (id === 'a1') throw new Error('refused')
    })

    await assert.rejects(publish(messages('a1', 'a2', 'a3')), unavailable)
    await new Promise(setImmediate)

    assert.deepEqual(sent, ['a1'])
  })

  it('stops soon after the first failure', async () => {
    let sent = 0
    const publish = publishInOrder(async () => {
      sent++
      await new Promise(setImmediate)
      throw new Error('refused')
    })
    const many = Array.from({ length: 2_000 }, (_, index) => ({ ...messages('x')[0], id: `${index}`, key: `${index}` }))

    await assert.rejects(publish(many as Message[]), unavailable)
    await new Promise(setImmediate)

    assert.ok(sent <= 256, `${sent} were sent`)
  })

  it('turns callers away when too much is unconfirmed', async () => {
    const { promise: confirmed, resolve: confirm } = Promise.withResolvers<void>()
    const publish = publishInOrder(() => confirmed)
    const waiting = Array.from({ length: 4_096 }, (_, index) => publish(messages(`${index}`)))

    await assert.rejects(publish(messages('one too many')), unavailable)
    confirm()
    await Promise.all(waiting)

    await publish(messages('now'))
  })
})
