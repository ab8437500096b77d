import { LRUCache } from 'lru-cache'
import type { WindowUsage } from './cache.ts'

type Window = { used: number; endsAt: number }

/** The maximum number of windows; the least recently used are evicted. */
const MAX_WINDOWS = 50_000

/** Counts uses in fixed windows, for this process alone. `uptime` is in milliseconds and never jumps. */
export function createRateWindows(uptime: () => number) {
  const windows = new LRUCache<string, Window>({ max: MAX_WINDOWS })
  const nameOf = (key: string, seconds: number): string => `${seconds} ${key}`

  return {
    count(key: string, seconds: number): WindowUsage {
      const name = nameOf(key, seconds)
      const known = windows.get(name)
      const window =
        known !== undefined && known.endsAt > uptime() ? known : { used: 0, endsAt: uptime() + seconds * 1000 }
      window.used++
      windows.set(name, window)
      return { used: window.used, resetsInMs: window.endsAt - uptime() }
    },

    /** Continues from the shared count. */
    sync(key: string, seconds: number, { used, resetsInMs }: WindowUsage): void {
      windows.set(nameOf(key, seconds), { used, endsAt: uptime() + resetsInMs })
    },
  }
}
