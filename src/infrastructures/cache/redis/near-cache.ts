import { randomBytes } from 'node:crypto'
import { createDataLoader } from '../../../patterns/data-loader.ts'
import { ENTRY_TTL_MS, NEGATIVE_TTL_MS, type Serializable } from '../cache.ts'
import { createLru, type LruLimits } from '../lru.ts'
import { encode } from './codec.ts'
import type { Connection } from './connection.ts'
import { type Entry, type LookupResult, parseLookup } from './lookup-result.ts'
import type { ResilientClient } from './resilient-client.ts'

type Needs = Readonly<{
  client: ResilientClient<Connection>
  limits: LruLimits
  uptime: () => number
  onFailure: () => void
}>

/**
 * A near cache. Local entries save transfer and decoding; each read still asks Redis whether they are valid. Reads of one
 * turn of the event loop are one command.
 */
export function createNearCache({ client, limits, uptime, onFailure }: Needs) {
  const local = createLru<Entry>(limits, uptime)
  const newToken = tokens()

  async function lookup(keys: readonly string[]): Promise<ReadonlyMap<string, LookupResult>> {
    const known = keys.map((key) => local.get(key))
    const tags = known.map((entry) => entry?.tag ?? '')
    try {
      const texts = await client.run((connection) => connection.read(keys, tags, newToken()))
      const results = keys.map((key, index) => parseLookup(key, texts[index], known[index]))
      for (const [index, key] of keys.entries()) record(key, results[index] as LookupResult)
      return new Map(keys.map((key, index) => [key, results[index] as LookupResult]))
    } catch {
      onFailure()
      return new Map()
    }
  }

  function record(key: string, result: LookupResult): void {
    if (typeof result === 'string') onFailure()
    else if ('tag' in result) local.set(key, result)
    if (result === 'corrupt')
      client.run((connection) => connection.invalidate({ keys: [key], namespaces: [] })).catch(() => {})
  }

  return {
    /** Null when Redis does not reply. */
    find: createDataLoader(lookup, setImmediate),

    /** Stores a value under its lease, unless that was invalidated. Never fails. */
    async store(key: string, lease: string, value: Serializable): Promise<void> {
      const lifetime = value === null ? NEGATIVE_TTL_MS : ENTRY_TTL_MS
      try {
        const payload = encode(key, value)
        const isStored = await client.run((connection) => connection.fill(key, lease, payload, lifetime))
        if (isStored) local.set(key, { tag: lease, value })
      } catch {
        onFailure()
      }
    },

    evict: (key: string): void => void local.delete(key),
  }
}

/** Globally unique tokens. */
function tokens(): () => string {
  const nonce = randomBytes(9).toString('base64url')
  let count = 0
  return () => `${nonce}${(count++).toString(36)}`
}
