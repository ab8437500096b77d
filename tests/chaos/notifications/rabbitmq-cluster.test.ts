import { describe, it } from 'node:test'
import { aConsumer, aMessage, eventually, notebook, openWorld } from '../../contracts/queue-world.ts'
import { skipWithoutOwn } from '../../kit/own-engine.ts'
import { startRabbitmqCluster } from '../../kit/rabbitmq-cluster.ts'
import { succeeded } from '../../kit/succeeded.ts'
import { report } from '../kit/plan.ts'

const TAKEOVER_MS = 30_000

describe('a cluster of RabbitMQ with three servers', { skip: skipWithoutOwn('rabbitmq') }, () => {
  it('takes and delivers messages while any one of them is away', async (test) => {
    await using cluster = await startRabbitmqCluster()
    const world = openWorld({ choice: { kind: 'rabbitmq', url: cluster.url } })
    const pauses: number[] = []
    try {
      const queue = await world.open()
      const { handle, has } = notebook()
      await queue.consume(aConsumer(world.newName()), handle)
      for (const text of ['without the first', 'without the second', 'without the third']) {
        await cluster.start()
        await cluster.kill()
        const start = performance.now()
        const message = aMessage(text)
        await eventually(`${text} is taken`, () => succeeded(queue.publish([message])), TAKEOVER_MS)
        await has(text)
        pauses.push(Math.round(performance.now() - start))
      }
    } finally {
      await world.close()
    }
    report(test, { 'delivered after': pauses.map((pause) => `${pause} ms`).join(', ') })
  })
})
