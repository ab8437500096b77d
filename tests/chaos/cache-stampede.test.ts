import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { PRODUCT } from '../../src/patterns/product.ts'
import { startFaultProxy } from '../kit/fault-proxy.ts'
import { readStats } from '../kit/metrics.ts'
import { skipWithoutOwn } from '../kit/own-engine.ts'
import { type CachedWorld, openCachedWorld } from './kit/cached-world.ts'
import { report, size } from './kit/plan.ts'
import { POSTGRES } from './kit/stores.ts'

const ROUNDS = size(20, 200)
const CROWD = 200

/** How a connection learns the statement that reads posts by id, as it is seen on the wire. */
const PARSED = /([0-9a-f]{32})\0select [^\0]* from posts where id = any/g

/** A process of the service, and how often it has asked the database for a post. */
async function startCounted(world: CachedWorld) {
  let loads = 0
  const names = new Set<string>()
  const count = (bytes: Buffer): void => {
    const sent = bytes.toString('latin1')
    for (const [, name = ''] of sent.matchAll(PARSED)) names.add(name)
    for (const name of names) loads += sent.split(`\0${name}\0`).length - 1
  }
  const wire = await startFaultProxy(new URL(world.store.url), count)
  const service = await world.start({ database: wire.url, cache: world.redis.url })

  return {
    ...service,
    loads: () => loads,
    failures: async () => (await readStats(service))[`${PRODUCT.metrics}cache_failures_total`] ?? 0,
    async [Symbol.asyncDispose](): Promise<void> {
      await service[Symbol.asyncDispose]()
      await wire.close()
    },
  }
}

describe('a post that all want to read', { skip: POSTGRES.skip || skipWithoutOwn('redis') }, () => {
  it('is loaded once by each process whenever its copy is gone, however many come at once', async (test) => {
    await using world = await openCachedWorld()
    await using a = await startCounted(world)
    await using b = await startCounted(world)
    const services = [a, b]
    const id = await world.write(a.url)
    const crowd = () =>
      services.flatMap(({ url }) => Array.from({ length: CROWD }, () => world.ask('GET', `${url}/v1/posts/${id}`)))
    await Promise.all(crowd())
    const stats = { rounds: 0, loads: 0, most: 0, disturbed: 0 }

    while (stats.rounds < ROUNDS) {
      await world.redis.command('DEL', ...((await world.redis.command('KEYS', `*copy:*${id}*`)) as string[]))
      const before = services.map(({ loads }) => loads())
      const failures = await Promise.all(services.map((service) => service.failures()))
      const answers = await Promise.all(crowd())

      assert.equal(new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size, 1)
      assert.equal(answers[0]?.status, 200)
      const loads = services.map((service, index) => service.loads() - (before[index] ?? 0))
      const failed = await Promise.all(services.map((service) => service.failures()))
      stats.rounds++
      if (failed.some((count, index) => count > (failures[index] ?? 0))) {
        stats.disturbed++ // Redis was too late for a machine that is so busy: everyone loads
        await sleep(700)
        continue
      }
      stats.loads += loads.reduce((sum, count) => sum + count)
      stats.most = Math.max(stats.most, ...loads)
    }

    report(test, { crowd: `2 x ${CROWD}`, ...stats })
    assert.ok(stats.most <= 1, `one process loaded it ${stats.most} times`)
    assert.ok(stats.loads > 0)
    assert.ok(stats.disturbed < ROUNDS / 2, 'this machine is too busy')
  })
})
