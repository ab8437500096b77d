import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { QueueFeatures } from './opened-queue.ts'
import { aConsumer, aMessage, eventually, notebook, type QueueWorld } from './queue-world.ts'

/** Less than a server waits for a consumer that does not answer. */
const SOON_MS = 4_000

export function describeDelivery(world: () => QueueWorld, { isShared, noticesRepetition }: QueueFeatures): void {
  describe('a message', () => {
    it('is delivered, as it was published', async () => {
      const { queue, newName } = world()
      const bodies: Uint8Array[] = []
      await queue().consume(aConsumer(newName()), async ({ body }) => void bodies.push(body))

      await queue().publish([aMessage('{"text":"Grüße, 世界"}')])

      await eventually('it arrived', () => bodies.length === 1)
      assert.equal(Buffer.from(bodies[0] ?? []).toString(), '{"text":"Grüße, 世界"}')
    })

    it('goes to every name, and to one of those who share a name', async () => {
      const { queue, open, newName, underTest } = world()
      const [shared, other] = [newName(), newName()]
      const second = isShared ? await open(underTest.choice) : queue()
      const [one, two, alone] = [notebook(), notebook(), notebook()]
      await queue().consume(aConsumer(shared), one.handle)
      await second.consume(aConsumer(shared), two.handle)
      await queue().consume(aConsumer(other), alone.handle)
      const sent = Array.from({ length: 20 }, (_, index) => `shared ${index}`)

      await queue().publish(sent.map((text) => aMessage(text)))

      await alone.has(...sent)
      await eventually('they shared all', () => one.texts.length + two.texts.length >= sent.length)
      await sleep(200)
      assert.deepEqual([...one.texts, ...two.texts].sort(), [...sent].sort())
      assert.equal(alone.texts.length, sent.length)
    })

    it('is kept for a name that was made known before it consumes', async () => {
      const { open, underTest, newName } = world()
      const name = newName()
      const queue = await open(underTest.choice, [name])
      const { handle, has } = notebook()

      await queue.publish([aMessage('early')])
      await queue.consume(aConsumer(name), handle)

      await has('early')
    })

    it('is delivered to a consumer that names topics only if it is of one of them, also to one that read all before', async () => {
      const { open, underTest, newName } = world()
      const [picky, late] = [newName(), newName()]
      const topics = { [picky]: ['wanted'], [late]: ['wanted'] }
      await (await open(underTest.choice, [late])).ping()
      const queue = await open(underTest.choice, [picky, late], topics)
      const [one, other] = [notebook(), notebook()]
      await queue.consume(aConsumer(picky), one.handle)
      await queue.consume(aConsumer(late), other.handle)
      const sent = Array.from({ length: 6 }, (_, n) =>
        aMessage(`${n}`, { key: 'k', topic: n % 2 ? 'wanted' : 'unwanted' }),
      )

      await queue.publish(sent)
      await queue.publish([aMessage('last', { key: 'k', topic: 'wanted' })])

      await one.has('last')
      await other.has('last')
      assert.deepEqual(
        [one.texts, other.texts],
        [
          ['1', '3', '5', 'last'],
          ['1', '3', '5', 'last'],
        ],
      )
    })

    it('is kept while no consumer of a name runs', async () => {
      const { queue, newName } = world()
      const name = newName()
      const [before, after] = [notebook(), notebook()]
      const subscription = await queue().consume(aConsumer(name), before.handle)
      await subscription.stop()

      await queue().publish([aMessage('meanwhile')])
      await queue().consume(aConsumer(name), after.handle)

      await after.has('meanwhile')
      assert.deepEqual(before.texts, [])
    })

    const never = 'it cannot tell; readers must'
    it('published twice is delivered once', { skip: noticesRepetition ? false : never }, async () => {
      const { queue, newName } = world()
      const { handle, has, texts } = notebook()
      await queue().consume(aConsumer(newName()), handle)
      const message = aMessage('once')

      await queue().publish([message, message])
      await queue().publish([message])
      await queue().publish([aMessage('last', { key: message.key })])

      await has('once', 'last')
      assert.deepEqual(texts, ['once', 'last'])
    })

    const well = 'nobody else can publish to it'
    it('that makes no sense is delivered as bytes', { skip: isShared ? false : well }, async () => {
      const { queue, newName, namespace, underTest } = world()
      const bodies: string[] = []
      await queue().consume(
        aConsumer(newName()),
        async ({ body }) => void bodies.push(Buffer.from(body).toString('hex')),
      )

      for (const bytes of [Buffer.alloc(0), Buffer.from('ff00fe', 'hex'), Buffer.from('{"half":')]) {
        await underTest.publishBytes?.(namespace, bytes)
      }
      await queue().publish([aMessage('sense')])

      await eventually('all arrived', () => bodies.length === 4)
      assert.deepEqual(bodies.sort(), ['', '7b2268616c66223a', 'ff00fe', Buffer.from('sense').toString('hex')].sort())
    })
  })

  describe('a consumption', () => {
    it('that is stopped lets the running handler end, and leaves the rest to the next', async () => {
      const { queue, newName } = world()
      const name = newName()
      const finish = Promise.withResolvers<void>()
      const first = notebook(() => finish.promise)
      const second = notebook()
      const subscription = await queue().consume(aConsumer(name), first.handle)
      await queue().publish(['1', '2', '3'].map((text) => aMessage(text, { key: 'k' })))
      await first.has('1')

      let isStopped = false
      const stopping = subscription.stop().then(() => {
        isStopped = true
      })
      await queue().consume(aConsumer(name), second.handle)
      await sleep(100)
      assert.equal(isStopped, false)
      finish.resolve()
      await stopping

      await second.has('2', '3')
      assert.deepEqual([...first.texts, ...second.texts], ['1', '2', '3'])
    })

    const local = 'nothing is on its way within one process'
    it('that is stopped leaves what is on its way to it to the next, soon', {
      skip: isShared ? false : local,
    }, async () => {
      const { queue, openWired, newName } = world()
      const { wire, queue: far } = await openWired()
      const name = newName()
      const [first, second] = [notebook(), notebook()]
      const subscription = await far.consume(aConsumer(name), first.handle)
      await queue().publish([aMessage('first')])
      await first.has('first')
      await queue().consume(aConsumer(name), second.handle)

      await wire.set({ delayMs: 300 })
      await queue().publish([aMessage('second'), aMessage('third')])
      await subscription.stop()

      await eventually('the next one has them', () => second.texts.length === 2, SOON_MS)
      assert.deepEqual([first.texts, second.texts.toSorted()], [['first'], ['second', 'third']])
    })

    it('can be stopped twice, and before anything came', async () => {
      const { queue, newName } = world()
      const { stop } = await queue().consume(aConsumer(newName()), async () => {})

      await Promise.all([stop(), stop()])
    })

    it('needs a name that every queue understands', async () => {
      await assert.rejects(
        world()
          .queue()
          .consume(aConsumer('not a name.'), async () => {}),
        /is not a consumer name/,
      )
    })
  })

  describe('the queue', () => {
    it('answers when asked whether it is there', async () => {
      await world().queue().ping()
    })

    it('stops delivering when it is closed', async () => {
      const { open, newName } = world()
      const queue = await open()
      const { handle, texts } = notebook()
      await queue.consume(aConsumer(newName()), handle)

      await queue.close()

      await assert.rejects(queue.publish([aMessage('too late')]), { code: 'dependency-unavailable' })
      await assert.rejects(queue.ping(), { code: 'dependency-unavailable' })
      assert.deepEqual(texts, [])
    })
  })
}
