import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import { PRODUCT } from '../../../patterns/product.ts'
import type { Cache, Serializable } from '../cache.ts'
import type { Listeners } from './circuit-breaker.ts'
import { createCoalescedLoads } from './coalesced-loads.ts'
import { toConnectError, toReconnectError } from './connect-error.ts'
import { type Connection, type ConnectionOptions, connectRedis } from './connection.ts'
import { createNearCache } from './near-cache.ts'
import { compact } from './pending-invalidations.ts'
import { createRateCounter } from './rate-counter.ts'
import { createResilientClient } from './resilient-client.ts'

export type RedisOptions = Listeners &
  Readonly<{
    url: string
    /** The prefix of all names on the server: several installations may share one. */
    namespace?: string
    /** Entries of other releases are not read, because their format may differ. Invalidations concern all releases. */
    release: string
    uptime?: () => number
  }>

const CONNECT_MS = 400
const NEAR_CACHE_LIMITS = { entries: 10_000, bytes: 32 * 2 ** 20 }

/**
 * Caches in Redis or Valkey, for all processes. Starts without entries if the server is down.
 *
 * @throws {ServerSetupError} when the server refuses this service
 */
export async function openRedis({ url, uptime = now, ...options }: RedisOptions): Promise<Cache> {
  const { namespace = PRODUCT.namespace, release, ...listeners } = options
  const stats = { hits: 0, loads: 0, failures: 0 }
  const onFailure = () => void stats.failures++
  const client = createResilientClient({
    connect: connector({ url, namespace, release, connectMs: CONNECT_MS }),
    uptime,
    listeners,
  })
  const nearCache = createNearCache({ client, limits: NEAR_CACHE_LIMITS, uptime, onFailure })
  const loads = createCoalescedLoads(nearCache.store, () => void stats.loads++)
  await client.start().catch(async (setupError) => {
    await client.close()
    throw setupError
  })

  return {
    stats,

    async get<Value extends Serializable>(key: string, load: () => Promise<Value | null>) {
      const found = client.isTrusted() ? await nearCache.find(key) : null
      if (found === null || typeof found === 'string') return loads.coalesce(key, load)
      if ('lease' in found) return loads.withLease(found.lease, key, load)
      stats.hits++
      return found.value as Value | null
    },

    async invalidate(keys, namespaces = []) {
      for (const key of keys) nearCache.evict(key)
      if (keys.length + namespaces.length > 0) await client.invalidate(compact({ keys, namespaces }))
    },

    count: createRateCounter(client, uptime, onFailure),

    async ping() {
      await client
        .run((connection) => connection.ping())
        .catch((cause) => {
          throw new DependencyUnavailable('cache', { cause })
        })
    },

    close: client.close,
  }
}

const now = (): number => performance.now()

/** Only the first attempt takes the time to find out what else listens there. */
function connector(options: ConnectionOptions): () => Promise<Connection> {
  let isFirst = true
  return async () => {
    const explain = isFirst ? toConnectError : toReconnectError
    isFirst = false
    return connectRedis(options).catch(async (cause) => {
      throw await explain(cause, options.url)
    })
  }
}
