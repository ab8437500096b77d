import { type Bounds, boundedCopies } from '../bounded-copies.ts'
import { type Cache, familyOf, KEPT_MS, type Keepable, NOTHING_KEPT_MS } from '../cache.ts'
import { localWindows } from '../local-windows.ts'

type Options = Partial<Bounds & { uptime: () => number }>

const MEBIBYTE = 2 ** 20

/** Keeps copies in this process, for this process: others do not hear what it forgets. */
export function memoryCache({
  entries = 10_000,
  bytes = 64 * MEBIBYTE,
  uptime = () => performance.now(),
}: Options = {}): Cache {
  const figures = { hits: 0, loads: 0, failures: 0 }
  const windows = localWindows(uptime)
  const copies = boundedCopies<Readonly<{ value: Keepable }>>({ entries, bytes }, uptime)
  const loading = new Map<string, Promise<Keepable>>()

  /** Whoever forgets a key takes its load out of `loading`: then nobody joins it any more, and nothing is kept of it. */
  async function loadFor<Value extends Keepable>(
    key: string,
    load: () => Promise<Value | null>,
  ): Promise<Value | null> {
    figures.loads++
    const task = Promise.try(load)
    loading.set(key, task)
    try {
      const value = await task
      if (loading.get(key) === task) copies.set(key, { value }, { ttl: value === null ? NOTHING_KEPT_MS : KEPT_MS })
      return value
    } finally {
      if (loading.get(key) === task) loading.delete(key)
    }
  }

  function forget(key: string): void {
    copies.delete(key)
    loading.delete(key)
  }

  return {
    figures,

    async get<Value extends Keepable>(key: string, load: () => Promise<Value | null>) {
      const copy = copies.get(key)
      if (copy === undefined) return (loading.get(key) as Promise<Value | null> | undefined) ?? loadFor(key, load)
      figures.hits++
      return copy.value as Value | null
    },

    async forget(keys, families = []) {
      for (const key of keys) forget(key)
      if (families.length === 0) return
      for (const key of [...copies.keys(), ...loading.keys()]) if (families.includes(familyOf(key))) forget(key)
    },

    count: async (key, seconds) => windows.count(key, seconds),
    ping: async () => {},
    close: async () => copies.clear(),
  }
}
