import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { PRODUCT } from '../../src/patterns/product.ts'
import { clientOf } from '../kit/client.ts'
import { until } from '../kit/command.ts'
import { redisUrl, skipWithout } from '../kit/engines.ts'
import { EFFECTS } from '../kit/forum-effects.ts'
import { readStats } from '../kit/metrics.ts'
import { ownEngine, skipWithoutOwn } from '../kit/own-engine.ts'
import { ALL_ENGINES, type Engine, openWorld } from './world.ts'

const TIMEOUT_MS = 20_000

/** Two users, and a post of one of them. */
const EVENTS = 3

const MEMORY_STORE = {
  name: 'memory',
  skip: skipWithout('memory'),
  database: async () => ({ url: 'memory:', drop: async () => {} }),
}
const STORES = [MEMORY_STORE, ...ALL_ENGINES]
const QUEUES = [null, 'nats', 'rabbitmq', 'kafka'] as const
const CACHES = [
  { name: 'no cache', url: 'none:', skip: false },
  { name: 'a cache in memory', url: 'memory:', skip: false },
  { name: 'Redis', url: redisUrl ?? '', skip: skipWithout('redis') },
] as const

/** Each store meets each queue, and both meet each cache: what fits one neighbour but not another is seen. */
for (const [column, queue] of QUEUES.entries()) {
  describe(`with ${queue ?? 'a queue in memory'}`, { skip: queue !== null && skipWithoutOwn(queue) }, () => {
    let server: Awaited<ReturnType<typeof ownEngine>> | null = null
    before(async () => {
      if (queue !== null) server = await ownEngine(queue)
      await server?.start()
    })
    after(() => server?.destroy())

    for (const [row, store] of STORES.entries()) {
      const cache = CACHES[(row + column) % CACHES.length] ?? assert.fail()
      it(
        `${store.name} and ${cache.name} start, write, publish, handle and stop`,
        { skip: store.skip || cache.skip },
        () => assertWholeLife(store as Engine, { QUEUE_URL: server?.url ?? 'memory:', CACHE_URL: cache.url }),
      )
    }
  })
}

async function assertWholeLife(store: Engine, settings: Readonly<Record<string, string>>): Promise<void> {
  await using world = await openWorld(store)
  await using service = await world.start(settings)
  const { alice, bob } = world
  const call = clientOf(service)

  const { body: post } = await call(alice, 'POST', '/v1/posts', { body: { text: 'Who reads this?' } })
  const read = await call(bob, 'GET', `/v1/posts/${post.id}`)
  for (const { cause } of EFFECTS) await cause(call, world, post.id)
  await until('all is published', async () => arePublished(await readStats(service)), TIMEOUT_MS)
  for (const { handler, seenAt } of EFFECTS) {
    await until(`${handler} is seen`, async () => (await seenAt(call, world)).length > 0, TIMEOUT_MS)
    assert.deepEqual(await seenAt(call, world), [post.id])
  }
  const code = await service.stop()

  assert.deepEqual([read.body.text, code], ['Who reads this?', 0], service.logs())
}

const arePublished = (stats: Readonly<Record<string, number>>): boolean =>
  stats[`${PRODUCT.metrics}events_published_total`] === EVENTS + EFFECTS.length &&
  stats[`${PRODUCT.metrics}outbox_pending`] === 0
