import type { StoreChoice } from '../store/open-store.ts'
import type { Cache } from './cache.ts'
import type { RedisOptions } from './redis/redis-cache.ts'

export type CacheChoice = Readonly<{ kind: 'none' } | { kind: 'memory' } | { kind: 'redis'; url: string }>
export type CacheOptions = Pick<RedisOptions, 'release' | 'onDisconnected' | 'onConnectFailed' | 'onReconnected'>

/**
 * Opens the chosen cache: the only place where a technology is chosen, and only what was chosen is loaded. A cache that is
 * down is opened all the same.
 *
 * @throws {ServerSetupError} when it is there, but refuses this service
 */
export async function openCache(choice: CacheChoice, options: CacheOptions): Promise<Cache> {
  switch (choice.kind) {
    case 'none': {
      const { noCache } = await import('./none/no-cache.ts')
      return noCache()
    }
    case 'memory': {
      const { memoryCache } = await import('./memory/memory-cache.ts')
      return memoryCache()
    }
    case 'redis': {
      const { openRedis } = await import('./redis/redis-cache.ts')
      return openRedis({ url: choice.url, ...options })
    }
  }
}

/**
 * Whether what is read may be a copy. A cache in this process is not told of the changes of others, so there it may not
 * unless nobody else can reach the store.
 */
export const isReadCacheEnabled = ({ cache, store }: Readonly<{ cache: CacheChoice; store: StoreChoice }>): boolean =>
  cache.kind === 'redis' || (cache.kind === 'memory' && store.kind === 'memory')
