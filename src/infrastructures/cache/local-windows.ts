import { LRUCache } from 'lru-cache'
import type { Usage } from './cache.ts'

type Window = { used: number; endsAt: number }

/** So many windows are remembered; those that were silent the longest are forgotten first. */
const MOST_WINDOWS = 50_000

/** Counts uses in fixed windows, for this process alone. `uptime` is in milliseconds and never jumps. */
export function localWindows(uptime: () => number) {
  const windows = new LRUCache<string, Window>({ max: MOST_WINDOWS })
  const nameOf = (key: string, seconds: number): string => `${seconds} ${key}`

  return {
    count(key: string, seconds: number): Usage {
      const name = nameOf(key, seconds)
      const known = windows.get(name)
      const window =
        known !== undefined && known.endsAt > uptime() ? known : { used: 0, endsAt: uptime() + seconds * 1000 }
      window.used++
      windows.set(name, window)
      return { used: window.used, resetsInMs: window.endsAt - uptime() }
    },

    /** Goes on from what is known to be the case. */
    adopt(key: string, seconds: number, { used, resetsInMs }: Usage): void {
      windows.set(nameOf(key, seconds), { used, endsAt: uptime() + resetsInMs })
    },
  }
}
