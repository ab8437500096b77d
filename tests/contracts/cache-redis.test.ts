import type { Cache } from '../../src/infrastructures/cache/cache.ts'
import { openRedis } from '../../src/infrastructures/cache/redis/redis-cache.ts'
import { redisUrl, skipWithout } from '../kit/engines.ts'
import { describeCache } from './cache.contract.ts'

async function open() {
  const opened: Cache[] = []
  let losses = 0

  async function connect(): Promise<Cache> {
    const cache = await openRedis({
      url: redisUrl ?? '',
      release: 'tests',
      onDisconnected: () => losses++,
      onReconnected: () => {},
    })
    opened.push(cache)
    return cache
  }

  return {
    cache: await connect(),
    second: connect,
    losses: () => losses,
    close: async () => {
      for (const cache of opened) await cache.close()
    },
  }
}

describeCache('the Redis cache', open, { keeps: true, isShared: true, skip: skipWithout('redis') })
