import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Cache } from '../../src/infrastructures/cache/cache.ts'
import { memoryCache } from '../../src/infrastructures/cache/memory/memory-cache.ts'
import { noCache } from '../../src/infrastructures/cache/none/no-cache.ts'
import { openRedis } from '../../src/infrastructures/cache/redis/redis-cache.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { redisUrl, skipWithout } from '../kit/engines.ts'
import { LIBRARY } from '../kit/library/library.ts'
import { aMember } from '../kit/library/samples.ts'
import { cachedStore, createStore, memoryDriver } from '../kit/library/store.ts'
import { registerMember } from '../kit/library/usecases.ts'
import { describeCachedStore } from './cached-store.contract.ts'
import type { OpenStore } from './opened.ts'
import { openingMemory } from './opened-memory.ts'
import { openingSqlite } from './opened-sqlite.ts'
import { describeStore } from './store.contract.ts'

const redis = () =>
  openRedis({ url: redisUrl ?? '', release: 'tests', onDisconnected: () => {}, onReconnected: () => {} })

/** The same store behind a cache. What a test commits past it is forgotten, as another process would do. */
const cached =
  (open: OpenStore, openCache: () => Promise<Cache>): OpenStore =>
  async () => {
    const [opened, cache] = [await open(), await openCache()]
    const { driver, second, close } = opened
    const forgetful = (other: StoreDriver): StoreDriver => ({
      ...other,
      commit: (changes) => other.commit(changes).finally(() => cache.invalidate([], ['book', 'review'])),
    })

    return {
      ...opened,
      driver: forgetful(driver),
      store: cachedStore(createStore(driver), cache),
      ...(second && { second: async () => forgetful(await second()) }),
      close: async () => {
        await cache.close()
        await close()
      },
    }
  }

const alone = { isShared: false, isDurable: false }
const shared = { isShared: true, isDurable: true }
const memory = async () => memoryCache()
const [hasMemory, hasSqlite, hasRedis] = [skipWithout('memory'), skipWithout('sqlite'), skipWithout('redis')]

describeStore(
  'the memory store without a cache',
  cached(openingMemory(LIBRARY.aggregates), async () => noCache()),
  alone,
)
describeStore('the memory store behind the memory cache', cached(openingMemory(LIBRARY.aggregates), memory), {
  ...alone,
  skip: hasMemory,
})
describeStore('the SQLite store behind the memory cache', cached(openingSqlite(LIBRARY.aggregates), memory), {
  ...shared,
  skip: hasSqlite,
})
describeStore('the SQLite store behind the Redis cache', cached(openingSqlite(LIBRARY.aggregates), redis), {
  ...shared,
  skip: hasRedis,
})

describeCachedStore('without a cache', async () => noCache(), { keeps: false })
describeCachedStore('the memory cache', memory, { keeps: true })
describeCachedStore('the Redis cache', redis, { keeps: true, skip: hasRedis })

describe('a store behind a cache', () => {
  it('invalidates after the commit, and before the write is acknowledged', async () => {
    const order: string[] = []
    const driver = memoryDriver()
    const commit: StoreDriver['commit'] = async (changes) => {
      await driver.commit(changes)
      order.push('kept')
    }
    const invalidate: Cache['invalidate'] = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      order.push('forgotten')
    }
    const store = cachedStore(createStore({ ...driver, commit }), { ...noCache(), invalidate })

    await store.transact((uow) => registerMember(uow, aMember()))
    order.push('reported')

    assert.deepEqual(order, ['kept', 'forgotten', 'reported'])
  })
})
