import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import type { Cache, Keepable } from '../../../domains/ports/cache.ts'
import type { Reports } from './circuit.ts'
import { connectRedis } from './connection.ts'
import { openCounter } from './counter.ts'
import { compacted } from './debts.ts'
import { keptCopies } from './kept-copies.ts'
import { openLine } from './line.ts'
import { openLoads } from './loads.ts'

export type RedisOptions = Reports &
  Readonly<{
    url: string
    /** Copies of other releases are not read, as values may look different in them. They are forgotten together. */
    release: string
    uptime?: () => number
  }>

const CONNECT_MS = 400
const AT_HAND = { entries: 10_000, bytes: 32 * 2 ** 20 }

/** Keeps copies in Redis or Valkey, for all processes. Starts without them when the server is not there. */
export async function openRedis({ url, release, onLost, onRestored, ...rest }: RedisOptions): Promise<Cache> {
  const { uptime = () => performance.now() } = rest
  const figures = { hits: 0, loads: 0, failures: 0 }
  const onFailure = () => void figures.failures++
  const line = openLine({
    connect: () => connectRedis({ url, release, connectMs: CONNECT_MS }),
    uptime,
    reports: { onLost, onRestored },
  })
  const copies = keptCopies({ line, bounds: AT_HAND, uptime, onFailure })
  const loads = openLoads(copies.keep, () => void figures.loads++)
  await line.start()

  return {
    figures,

    async get<Value extends Keepable>(key: string, load: () => Promise<Value | null>) {
      const found = line.isTrusted() ? await copies.find(key) : null
      if (found === null || typeof found === 'string') return loads.together(key, load)
      if ('lease' in found) return loads.under(found.lease, key, load)
      figures.hits++
      return found.value as Value | null
    },

    async forget(keys, families = []) {
      for (const key of keys) copies.drop(key)
      if (keys.length + families.length > 0) await line.forget(compacted({ keys, families }))
    },

    count: openCounter(line, uptime, onFailure),

    async ping() {
      await line
        .run((connection) => connection.ping())
        .catch((cause) => {
          throw new DependencyUnavailable('cache', { cause })
        })
    },

    close: line.close,
  }
}
