import { describe, it } from 'node:test'
import { aConsumer, aMessage, eventually, notebook, openWorld } from '../../../contracts/queue-world.ts'
import { skipWithoutOwn } from '../../../kit/own-engine.ts'
import { succeeded } from '../../../kit/succeeded.ts'
import { report } from '../../kit/plan.ts'

/** `kill` ends one server after the other; `start` starts it again, and waits until it has what the others have. */
type Cluster = AsyncDisposable & Readonly<{ url: string; kill: () => Promise<void>; start: () => Promise<void> }>
type Kind = Readonly<{ name: string; kind: 'nats' | 'rabbitmq'; open: () => Promise<Cluster> }>

const TAKEOVER_MS = 30_000

export function describeCluster({ name, kind, open }: Kind): void {
  describe(`a cluster of ${name} with three servers`, { skip: skipWithoutOwn(kind) }, () => {
    it('takes and delivers messages while any one of them is away', async (test) => {
      await using cluster = await open()
      const world = openWorld({ choice: { kind, url: cluster.url } })
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
}
