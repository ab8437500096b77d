import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { PoisonMessage } from '../../src/domains/ports/message-queue.ts'
import type { QueueFeatures } from './opened-queue.ts'
import { aConsumer, aMessage, eventually, notebook, type QueueWorld } from './queue-world.ts'

/** Messages of `keys` keys, `each` of every key, one key after the other in turns: `key:number`. */
const inTurns = (keys: number, each: number) =>
  Array.from({ length: keys * each }, (_, index) => {
    const key = `k${index % keys}`
    return aMessage(`${key}:${Math.floor(index / keys)}`, { key })
  })

function assertOrder(texts: readonly string[], keys: number, each: number): void {
  for (let key = 0; key < keys; key++) {
    const numbers = texts.filter((text) => text.startsWith(`k${key}:`)).map((text) => Number(text.split(':')[1]))
    assert.deepEqual(
      [...new Set(numbers)],
      Array.from({ length: each }, (_, index) => index),
      `k${key}: ${numbers}`,
    )
  }
}

export function describeOrder(world: () => QueueWorld, { isShared }: QueueFeatures): void {
  describe('messages of one key', () => {
    it('are delivered in order, one at a time, to several consumers of one name', async () => {
      const { queue, open, newName, underTest } = world()
      const name = newName()
      const running = new Map<string, number>()
      const done: string[] = []
      const overlaps: string[] = []
      async function handle(text: string): Promise<void> {
        const key = text.split(':')[0] ?? ''
        running.set(key, (running.get(key) ?? 0) + 1)
        if (running.get(key) !== 1) overlaps.push(text)
        await sleep(Math.random() * 5)
        running.set(key, (running.get(key) ?? 0) - 1)
        done.push(text)
      }
      const others = isShared ? [await open(underTest.choice), await open(underTest.choice)] : [queue(), queue()]
      for (const some of [queue(), ...others]) await some.consume(aConsumer(name), notebook(handle).handle)
      const messages = inTurns(10, 30)

      for (let at = 0; at < messages.length; at += 50) await queue().publish(messages.slice(at, at + 50))

      await eventually('all were done', () => done.length >= messages.length)
      assert.deepEqual(overlaps, [])
      assert.equal(done.length, messages.length)
      assertOrder(done, 10, 30)
    })

    it('are done in order although some fail in the middle', async () => {
      const { queue, newName } = world()
      const done: string[] = []
      const { handle } = notebook(async (text, { attempt }) => {
        await sleep(Math.random() * 3)
        if (text.endsWith('3') && attempt < 3) throw new Error('not yet')
        if (text.endsWith('5')) throw new PoisonMessage('never')
        done.push(text)
      })
      await queue().consume(aConsumer(newName()), handle)
      const messages = inTurns(5, 10)

      await queue().publish(messages)

      await eventually('all but the bad ones were done', () => done.length >= 45)
      for (const key of ['k0', 'k1', 'k2', 'k3', 'k4']) {
        const numbers = done.filter((text) => text.startsWith(key)).map((text) => text.slice(3))
        assert.deepEqual(numbers, ['0', '1', '2', '3', '4', '6', '7', '8', '9'])
      }
    })

    it('wait for the first, while those of other keys flow', async () => {
      const { queue, newName } = world()
      const release = Promise.withResolvers<void>()
      const { handle, has, texts } = notebook((text) => (text === 'stuck' ? release.promise : undefined))
      await queue().consume(aConsumer(newName()), handle)

      await queue().publish([aMessage('stuck', { key: 's' }), aMessage('behind', { key: 's' })])
      const others = Array.from({ length: 100 }, (_, index) => `other ${index}`)
      await queue().publish(others.map((text) => aMessage(text)))

      await has(...others)
      assert.ok(!texts.includes('behind'))
      release.resolve()
      await has('behind')
    })

    it('wait while the first waits for its next attempt, and others flow', async () => {
      const { queue, newName } = world()
      const { handle, has, texts } = notebook((text, { attempt }) => {
        if (text === 'failing' && attempt < 4) throw new Error('again')
      })
      await queue().consume(aConsumer(newName()), handle)

      await queue().publish([aMessage('failing', { key: 'f' }), aMessage('behind', { key: 'f' }), aMessage('free')])

      await has('behind')
      const firstFree = texts.indexOf('free')
      assert.deepEqual(
        texts.filter((text) => text !== 'free'),
        ['failing', 'failing', 'failing', 'failing', 'behind'],
      )
      assert.ok(firstFree < texts.lastIndexOf('failing'), `free came too late: ${texts}`)
    })

    it('stay in order when the consumption moves on', async () => {
      const { queue, newName } = world()
      const name = newName()
      const texts: string[] = []
      const messages = inTurns(5, 40)
      const handle = async (text: string) => {
        await sleep(2)
        texts.push(text)
      }
      let subscription = await queue().consume(aConsumer(name), notebook(handle).handle)

      await queue().publish(messages)
      for (let moves = 0; moves < 3; moves++) {
        await sleep(20)
        await subscription.stop()
        subscription = await queue().consume(aConsumer(name), notebook(handle).handle)
      }

      await eventually('all were done', () => new Set(texts).size === messages.length)
      assertOrder(texts, 5, 40)
    })
  })
}
