import { type Cache, ENTRY_TTL_MS, NEGATIVE_TTL_MS, namespaceOf, type Serializable } from '../cache.ts'
import { createRateWindows } from '../local-rate-window.ts'
import { createLru, type LruLimits } from '../lru.ts'

type Options = Partial<LruLimits & { uptime: () => number }>

const MEBIBYTE = 2 ** 20

/** Caches in this process, for this process: it does not invalidate in others. */
export function memoryCache({
  entries = 10_000,
  bytes = 64 * MEBIBYTE,
  uptime = () => performance.now(),
}: Options = {}): Cache {
  const stats = { hits: 0, loads: 0, failures: 0 }
  const windows = createRateWindows(uptime)
  const lru = createLru<Readonly<{ value: Serializable }>>({ entries, bytes }, uptime)
  const loading = new Map<string, Promise<Serializable>>()

  /** An invalidation removes the load of its key from `loading`: then no call joins it, and its value is not cached. */
  async function loadFor<Value extends Serializable>(
    key: string,
    load: () => Promise<Value | null>,
  ): Promise<Value | null> {
    stats.loads++
    const task = Promise.try(load)
    loading.set(key, task)
    try {
      const value = await task
      if (loading.get(key) === task) lru.set(key, { value }, { ttl: value === null ? NEGATIVE_TTL_MS : ENTRY_TTL_MS })
      return value
    } finally {
      if (loading.get(key) === task) loading.delete(key)
    }
  }

  function invalidate(key: string): void {
    lru.delete(key)
    loading.delete(key)
  }

  return {
    stats,

    async get<Value extends Serializable>(key: string, load: () => Promise<Value | null>) {
      const entry = lru.get(key)
      if (entry === undefined) return (loading.get(key) as Promise<Value | null> | undefined) ?? loadFor(key, load)
      stats.hits++
      return entry.value as Value | null
    },

    async invalidate(keys, namespaces = []) {
      for (const key of keys) invalidate(key)
      if (namespaces.length === 0) return
      for (const key of [...lru.keys(), ...loading.keys()]) if (namespaces.includes(namespaceOf(key))) invalidate(key)
    },

    count: async (key, seconds) => windows.count(key, seconds),
    ping: async () => {},
    close: async () => lru.clear(),
  }
}
