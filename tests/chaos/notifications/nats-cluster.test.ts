import { describe, it } from 'node:test'
import { aConsumer, aMessage, eventually, notebook, openWorld } from '../../contracts/queue-world.ts'
import { startNatsCluster } from '../../kit/nats-cluster.ts'
import { skipWithoutOwn } from '../../kit/own-engine.ts'
import { succeeded } from '../../kit/succeeded.ts'
import { report } from '../kit/plan.ts'

const TAKEOVER_MS = 30_000

describe('a cluster of NATS with three servers', { skip: skipWithoutOwn('nats') }, () => {
  it('takes and delivers messages while any one of them is away', async (test) => {
    await using cluster = await startNatsCluster()
    const world = openWorld({ choice: { kind: 'nats', url: cluster.url } })
    const pauses: number[] = []
    try {
      const queue = await world.open()
      const { handle, has } = notebook()
      await queue.consume(aConsumer(world.newName()), handle)
      for (const text of ['without the first', 'without the second', 'without the third']) {
        await cluster.kill()
        const start = performance.now()
        const message = aMessage(text)
        await eventually(`${text} is taken`, () => succeeded(queue.publish([message])), TAKEOVER_MS)
        await has(text)
        pauses.push(Math.round(performance.now() - start))
        await cluster.start()
      }
    } finally {
      await world.close()
    }
    report(test, { 'delivered after': pauses.map((pause) => `${pause} ms`).join(', ') })
  })
})
