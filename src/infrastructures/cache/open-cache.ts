import type { StoreChoice } from '../store/open-store.ts'
import type { Cache } from './cache.ts'
import type { RedisOptions } from './redis/redis-cache.ts'

export type CacheChoice = Readonly<{ kind: 'none' } | { kind: 'memory' } | { kind: 'redis'; url: string }>
export type CacheOptions = Pick<
  RedisOptions,
  'namespace' | 'release' | 'onDisconnected' | 'onConnectFailed' | 'onReconnected'
>

/**
 * Opens the configured cache: the only place that knows the adapters, and it loads only the configured one. It also opens
 * a cache that is down.
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
 * Whether reads may be cached. A cache in this process does not see the changes of other processes, so it caches only if no
 * other process can reach the store.
 */
export const isReadCacheEnabled = ({ cache, store }: Readonly<{ cache: CacheChoice; store: StoreChoice }>): boolean =>
  cache.kind === 'redis' || (cache.kind === 'memory' && store.kind === 'memory')
