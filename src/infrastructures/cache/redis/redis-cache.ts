import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import type { Cache, Keepable } from '../cache.ts'
import type { Reports } from './circuit.ts'
import { type Connection, type ConnectionOptions, connectRedis } from './connection.ts'
import { openCounter } from './counter.ts'
import { compacted } from './debts.ts'
import { keptCopies } from './kept-copies.ts'
import { openLine } from './line.ts'
import { openLoads } from './loads.ts'
import { whyNotConnected, whyNotReconnected } from './why-not-connected.ts'

export type RedisOptions = Reports &
  Readonly<{
    url: string
    /** Copies of other releases are not read, as values may look different in them. They are forgotten together. */
    release: string
    uptime?: () => number
  }>

const CONNECT_MS = 400
const AT_HAND = { entries: 10_000, bytes: 32 * 2 ** 20 }

/**
 * Keeps copies in Redis or Valkey, for all processes. Starts without them when the server is not there.
 *
 * @throws {ServerRefused} when it is there, but refuses this service
 */
export async function openRedis({ url, release, uptime = now, ...reports }: RedisOptions): Promise<Cache> {
  const figures = { hits: 0, loads: 0, failures: 0 }
  const onFailure = () => void figures.failures++
  const line = openLine({
    connect: connector({ url, release, connectMs: CONNECT_MS }),
    uptime,
    reports,
  })
  const copies = keptCopies({ line, bounds: AT_HAND, uptime, onFailure })
  const loads = openLoads(copies.keep, () => void figures.loads++)
  await line.start().catch(async (refusal) => {
    await line.close()
    throw refusal
  })

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

const now = (): number => performance.now()

/** Only the first attempt takes its time to find out what else it was that did not answer. */
function connector(options: ConnectionOptions): () => Promise<Connection> {
  let isFirst = true
  return async () => {
    const explain = isFirst ? whyNotConnected : whyNotReconnected
    isFirst = false
    return connectRedis(options).catch(async (cause) => {
      throw await explain(cause, options.url)
    })
  }
}
