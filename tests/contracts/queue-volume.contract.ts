import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { liveBytes } from '../kit/live-bytes.ts'
import { aConsumer, aMessage, eventually, type QueueWorld, textOf } from './queue-world.ts'

const MANY = 10_000
const KEYS = 200
const MAX_MEGABYTES = 30

export function describeVolume(world: () => QueueWorld): void {
  describe('many messages', () => {
    it('are delivered in order, in bounded time and memory', async (test) => {
      const { open, underTest, newName } = world()
      const name = newName()
      const queue = await open(underTest.choice, [name])
      const filler = 'x'.repeat(300)
      const next = new Map<string, number>()
      let done = 0
      const rate = (since: number) => `${Math.round((MANY / (performance.now() - since)) * 1000)} a second`
      const before = liveBytes()

      const publishingSince = performance.now()
      for (let at = 0; at < MANY; at += 500) {
        const numbers = Array.from({ length: 500 }, (_, index) => at + index)
        await queue.publish(
          numbers.map((n) => aMessage(`k${n % KEYS} ${Math.floor(n / KEYS)} ${filler}`, { key: `k${n % KEYS}` })),
        )
      }
      test.diagnostic(`published ${rate(publishingSince)}`)

      const consumingSince = performance.now()
      await queue.consume(aConsumer(name), async (delivery) => {
        const [key = '', number] = textOf(delivery).split(' ')
        assert.equal(Number(number), next.get(key) ?? 0)
        next.set(key, Number(number) + 1)
        done++
      })
      await eventually('all were done', () => done === MANY, 60_000)
      test.diagnostic(`delivered ${rate(consumingSince)}`)

      const megabytes = (liveBytes() - before) / 2 ** 20
      test.diagnostic(`${megabytes.toFixed(1)} MB more`)
      assert.ok(megabytes < MAX_MEGABYTES, `${megabytes} MB more`)
      assert.deepEqual((await queue.deadLetters())[name] ?? 0, 0)
    })
  })
}
