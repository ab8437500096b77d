import type { Cache } from '../../domains/ports/cache.ts'
import { memoryCache } from './memory/memory-cache.ts'
import { noCache } from './none/no-cache.ts'
import { openRedis, type RedisOptions } from './redis/redis-cache.ts'

export type CacheChoice = Readonly<{ kind: 'none' } | { kind: 'memory' } | { kind: 'redis'; url: string }>
export type CacheOptions = Pick<RedisOptions, 'release' | 'onLost' | 'onRestored'>

/** Opens the chosen cache: the only place where a technology is chosen. A cache that is down is opened all the same. */
export async function openCache(choice: CacheChoice, options: CacheOptions): Promise<Cache> {
  switch (choice.kind) {
    case 'none':
      return noCache()
    case 'memory':
      return memoryCache()
    case 'redis':
      return openRedis({ url: choice.url, ...options })
  }
}
