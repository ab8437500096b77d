import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import type { MessageQueue } from '../../src/domains/ports/message-queue.ts'
import { reasonOf } from '../../src/patterns/reason.ts'
import { succeeded } from '../kit/succeeded.ts'
import type { OwnServer, QueueFeatures } from './opened-queue.ts'
import { aConsumer, aMessage, eventually, notebook, openWorld, type QueueWorld } from './queue-world.ts'

const unavailable = { code: 'dependency-unavailable' }

/** The log says why there is no connection, also where a caller finds none. */
const isUnavailableBecauseOf = (cause: RegExp) => (error: Error & { code?: string }) =>
  error.code === unavailable.code && cause.test(reasonOf(error.cause))

export function describeOutage(world: () => QueueWorld, { isShared }: QueueFeatures): void {
  const skip = isShared ? false : 'there is no server'

  async function secondsOf(task: Promise<unknown>): Promise<number> {
    const start = performance.now()
    await task
    return (performance.now() - start) / 1000
  }

  const published = (queue: MessageQueue, text: string) => succeeded(queue.publish([aMessage(text)]))

  describe('without its server', { skip }, () => {
    for (const fault of ['reset', 'blackhole'] as const) {
      it(`the queue says so soon, and is back by itself (${fault})`, async () => {
        const { openWired, newName } = world()
        const { wire, queue } = await openWired()
        const { handle, has } = notebook()
        await queue.consume(aConsumer(newName()), handle)
        await queue.publish([aMessage('before')])
        await has('before')

        await wire.set(fault)

        for (let tries = 0; tries < 3; tries++) {
          const rejected = assert.rejects(queue.publish([aMessage('lost'), aMessage('this')]), unavailable)
          assert.ok((await secondsOf(rejected)) < 3)
        }
        assert.ok((await secondsOf(assert.rejects(queue.ping(), unavailable))) < 3)
        assert.ok((await secondsOf(assert.rejects(queue.deadLetters(), unavailable))) < 3)
        await wire.set('pass')
        await eventually('it is back', () => succeeded(queue.ping()), 10_000)
        await queue.publish([aMessage('after')])
        await has('after')
      })
    }

    it('what was being handled is delivered again', async () => {
      const { openWired, newName } = world()
      const { wire, queue } = await openWired()
      const attempts: number[] = []
      await queue.consume(aConsumer(newName()), async ({ attempt }) => {
        attempts.push(attempt)
        if (attempt === 1) await wire.set('reset')
      })
      await world()
        .queue()
        .publish([aMessage('cut off')])
      await eventually('it was started', () => attempts.length === 1)

      await wire.set('pass')

      await eventually('it came again', () => attempts.length === 2)
      assert.deepEqual(attempts, [1, 2])
    })

    it('the queue opens, and begins as soon as it can', async () => {
      const { openWired, open, newName } = world()
      const { wire } = await openWired()
      const { choice } = world().underTest
      await wire.set('reset')
      const { handle, has } = notebook()

      const queue = await open(choice.kind === 'memory' ? choice : { ...choice, url: wire.url })
      await queue.consume(aConsumer(newName()), handle)
      await assert.rejects(queue.publish([aMessage('too early')]), isUnavailableBecauseOf(/ECONNRESET|closed|hung up/))
      await wire.set('pass')

      await eventually('it is there', () => published(queue, 'in time'))
      await has('in time')
    })

    it('the queue can be closed', async () => {
      const { openWired, newName } = world()
      const { wire, queue } = await openWired()
      await queue.consume(aConsumer(newName()), async () => {})

      await wire.set('blackhole')

      assert.ok((await secondsOf(queue.close())) < 12)
    })
  })

  describe('after its server was killed and started again', { skip }, () => {
    let server: OwnServer | null = null
    let own: QueueWorld | undefined
    after(async () => {
      await own?.close()
      await server?.destroy()
    })

    it('the queue has everything, and knows what had failed', async (test) => {
      const { underTest } = world()
      server = (await underTest.ownServer?.()) ?? null
      if (server === null) return test.skip('no server of its own can be started here')
      await server.start()
      own = openWorld({ choice: server.choice })
      const [waiting, working] = [own.newName(), own.newName()]
      const queue = await own.open(server.choice, [waiting, working])
      const attempts: number[] = []
      const kept = Array.from({ length: 200 }, (_, index) => aMessage(`kept ${index}`))
      const { handle, has, texts } = notebook()

      await server.settled()
      await queue.publish(kept)
      await queue.consume(aConsumer(working, { attempts: 3 }), async ({ body, attempt }) => {
        if (Buffer.from(body).toString() !== 'kept 7') return
        attempts.push(attempt)
        throw new Error('again')
      })
      await eventually('it failed twice', () => attempts.length === 2)
      await server.kill()
      await assert.rejects(queue.publish([aMessage('lost')]), unavailable)
      await server.start()
      await eventually('it is back', () => succeeded(queue.ping()), 10_000)
      await queue.consume(aConsumer(waiting), handle)
      await eventually('it keeps messages', () => published(queue, 'after'))

      await has(...kept.map(({ body }) => body), 'after')
      const repeated = texts.filter((text, index) => text !== 'after' && texts.indexOf(text) !== index)
      assert.deepEqual(repeated, [])
      await eventually('it was set aside', async () => (await queue.deadLetters())[working] === 1)
      assert.ok(attempts.length === 2 || attempts.length === 3, `${attempts}`)
    })
  })
}
