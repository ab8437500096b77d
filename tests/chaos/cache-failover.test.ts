import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startReaders } from '../kit/freshness.ts'
import { skipWithoutOwn } from '../kit/own-engine.ts'
import { startRedisCluster } from '../kit/redis-cluster.ts'
import { startRedisSentinels } from '../kit/redis-sentinels.ts'
import { openCachedWorld, untilCopiesAreGiven } from './kit/cached-world.ts'
import { randomFor, report, size } from './kit/plan.ts'
import { POSTGRES } from './kit/stores.ts'

const FAILOVERS = size(1, 10)
const READERS = 3

const skip = POSTGRES.skip || skipWithoutOwn('redis')

for (const [name, open] of [
  ['Sentinels', startRedisSentinels],
  ['a Redis Cluster', startRedisCluster],
] as const) {
  describe(`posts behind ${name} whose master is killed`, { skip }, () => {
    it('are never older than the last acknowledged write, and soon come from the cache again', async (test) => {
      await using servers = await open()
      await using world = await openCachedWorld()
      await using a = await world.start({ cache: servers.url })
      await using b = await world.start({ cache: servers.url })
      const services = [a, b]
      const id = await world.write(a.url)
      const readersOf = (url: string) => Array.from({ length: READERS }, () => () => world.read(url, id))
      const readers = startReaders(services.flatMap(({ url }) => readersOf(url)))
      const random = randomFor(`failovers of ${name}`)
      const untilWell = () => Promise.all(services.map(untilCopiesAreGiven))
      const state = { writes: 0, isOver: false }
      const recoveries: number[] = []

      async function write(): Promise<void> {
        while (!state.isOver) {
          readers.acknowledge(await world.rewrite(state.writes++ % 2 ? a.url : b.url, id))
          await sleep(random.below(50))
        }
      }
      const writing = write()
      for (let failover = 0; failover < FAILOVERS; failover++) {
        await untilWell()
        await servers.kill()
        await servers.start()
        recoveries.push(Math.round(Math.max(...(await untilWell()))))
      }
      state.isOver = true
      await writing
      await readers.stop()

      const recovery = `${Math.max(...recoveries)} ms after the promotion at most`
      report(test, { failovers: FAILOVERS, writes: state.writes, reads: readers.reads(), recovery })
      assert.deepEqual(readers.stale, [])
    })
  })
}
