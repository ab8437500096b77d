import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { DependencyUnavailable } from '../../src/domains/errors/dependency-errors.ts'
import { PoisonMessage } from '../../src/domains/ports/message-queue.ts'
import { aConsumer, aMessage, eventually, notebook, type QueueWorld } from './queue-world.ts'

export function describeFailure(world: () => QueueWorld): void {
  const setAside = async (name: string): Promise<number> => (await world().queue().deadLetters())[name] ?? 0

  async function assertReason(name: string, reason: RegExp): Promise<void> {
    const { underTest, namespace } = world()
    const reasons = await underTest.reasons?.(namespace, name)
    if (reasons !== undefined) assert.match(reasons.join('\n'), reason)
  }

  describe('a message whose handler fails', () => {
    it('is delivered again, after pauses that grow, with the attempts counted', async () => {
      const { queue, newName } = world()
      const starts: { attempt: number; at: number }[] = []
      await queue().consume(aConsumer(newName()), async ({ attempt }) => {
        starts.push({ attempt, at: performance.now() })
        if (attempt < 4) throw new Error('again')
      })

      await queue().publish([aMessage('failing')])

      await eventually('it succeeded', () => starts.length === 4)
      const [first = 0, second = 0, third = 0] = starts
        .map(({ at }, index) => at - (starts[index - 1]?.at ?? at))
        .slice(1)
      assert.deepEqual(
        starts.map(({ attempt }) => attempt),
        [1, 2, 3, 4],
      )
      assert.ok(first >= 75 && second > first * 1.3 && third > second * 1.3, `${[first, second, third]}`)
    })

    it('is set aside after its attempts, and others flow', async () => {
      const { queue, newName } = world()
      const name = newName()
      const { handle, has, texts } = notebook((text) => {
        if (text === 'poison') throw new Error('it is bad\n of it')
      })
      await queue().consume(aConsumer(name, { attempts: 3 }), handle)

      await queue().publish([aMessage('poison', { key: 'p' }), aMessage('behind', { key: 'p' }), aMessage('other')])

      await has('other', 'behind')
      await eventually('it was set aside', async () => (await setAside(name)) === 1)
      assert.equal(texts.filter((text) => text === 'poison').length, 3)
      await assertReason(name, /failed 3 times.*it is bad +of it/)
    })

    it('is tried for as long as it takes when something else is unavailable', async () => {
      const { queue, newName } = world()
      const name = newName()
      const attempts: number[] = []
      await queue().consume(aConsumer(name, { attempts: 2 }), async ({ attempt }) => {
        attempts.push(attempt)
        if (attempts.length <= 4) throw new DependencyUnavailable('database')
        if (attempts.length === 5) throw new Error('now it is the handler')
      })

      await queue().publish([aMessage('waiting')])

      await eventually('it succeeded', () => attempts.length === 6)
      assert.deepEqual(attempts, [1, 1, 1, 1, 1, 2])
      assert.equal(await setAside(name), 0)
    })

    it('is set aside at once when it is undeliverable', async () => {
      const { queue, newName } = world()
      const name = newName()
      const { handle, has, texts } = notebook((text) => {
        if (text === 'poison') throw new PoisonMessage('it is no event')
      })
      await queue().consume(aConsumer(name), handle)

      await queue().publish([aMessage('poison', { key: 'h' }), aMessage('next', { key: 'h' })])

      await has('next')
      await eventually('it was set aside', async () => (await setAside(name)) === 1)
      assert.deepEqual(texts, ['poison', 'next'])
      await assertReason(name, /it is no event/)
    })

    it('is set aside for one name only', async () => {
      const { queue, newName } = world()
      const [picky, content] = [newName(), newName()]
      const { handle, has } = notebook()
      await queue().consume(aConsumer(picky), async () => Promise.reject(new PoisonMessage('no')))
      await queue().consume(aConsumer(content), handle)

      await queue().publish([aMessage('matter of taste')])

      await has('matter of taste')
      await eventually('it was set aside', async () => (await setAside(picky)) === 1)
      assert.equal(await setAside(content), 0)
    })

    it('keeps its count when the consumption is stopped in between', async () => {
      const { queue, newName } = world()
      const name = newName()
      const attempts: number[] = []
      const failing = async ({ attempt }: { attempt: number }) => {
        attempts.push(attempt)
        throw new Error('again')
      }
      const first = await queue().consume(aConsumer(name), failing)

      await queue().publish([aMessage('counted')])
      await eventually('it failed twice', () => attempts.length === 2)
      await first.stop()
      await queue().consume(aConsumer(name), failing)

      await eventually('it was set aside', async () => (await setAside(name)) === 1)
      assert.deepEqual(attempts, [1, 2, 3, 4])
    })
  })

  describe('a handler that takes too long', () => {
    it('is counted as failed, and its late end does no harm', async () => {
      const { queue, newName } = world()
      const late = Promise.withResolvers<void>()
      const name = newName()
      const ends: string[] = []
      const attempts: number[] = []
      await queue().consume(aConsumer(name, { timeoutMs: 150 }), async ({ body, attempt }) => {
        const text = Buffer.from(body).toString()
        if (text === 'slow') attempts.push(attempt)
        if (text === 'slow' && attempt === 1) await late.promise
        ends.push(`${text} ${attempt}`)
      })

      await queue().publish([aMessage('slow', { key: 's' }), aMessage('behind', { key: 's' })])
      await eventually('the next one came', () => ends.includes('behind 1'))
      late.resolve()
      await queue().publish([aMessage('later', { key: 's' })])

      await eventually('a later one came', () => ends.includes('later 1'))
      assert.deepEqual(attempts, [1, 2])
      assert.deepEqual(
        ends.filter((end) => end !== 'slow 1'),
        ['slow 2', 'behind 1', 'later 1'],
      )
      assert.equal(await setAside(name), 0)
    })

    it('and fails only then is no unhandled rejection', async () => {
      const { queue, newName } = world()
      const late = Promise.withResolvers<void>()
      const attempts: number[] = []
      await queue().consume(aConsumer(newName(), { timeoutMs: 100 }), async ({ attempt }) => {
        attempts.push(attempt)
        if (attempt === 1) await late.promise
      })

      await queue().publish([aMessage('slow and bad')])
      await eventually('it was done', () => attempts.length === 2)
      late.reject(new Error('nobody waits for this any more'))

      await new Promise(setImmediate)
    })
  })
}
