import type { Cache } from '../cache.ts'
import { localWindows } from '../local-windows.ts'

/** Keeps nothing: every value is loaded. Counts for this process. */
export function noCache(uptime: () => number = () => performance.now()): Cache {
  const figures = { hits: 0, loads: 0, failures: 0 }
  const windows = localWindows(uptime)

  return {
    figures,
    async get(_key, load) {
      figures.loads++
      return load()
    },
    forget: async () => {},
    count: async (key, seconds) => windows.count(key, seconds),
    ping: async () => {},
    close: async () => {},
  }
}
