import type { Cache } from '../cache.ts'
import { createRateWindows } from '../local-rate-window.ts'

/** Caches nothing: loads every value. Counts in this process. */
export function noCache(uptime: () => number = () => performance.now()): Cache {
  const stats = { hits: 0, loads: 0, failures: 0 }
  const windows = createRateWindows(uptime)

  return {
    stats,
    async get(_key, load) {
      stats.loads++
      return load()
    },
    invalidate: async () => {},
    count: async (key, seconds) => windows.count(key, seconds),
    ping: async () => {},
    close: async () => {},
  }
}
