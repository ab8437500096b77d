import type { Usage } from '../cache.ts'
import { localWindows } from '../local-windows.ts'
import type { Connection } from './connection.ts'
import type { Line } from './line.ts'

/** Counts in Redis; while that is away, from what was known last. */
export function openCounter(line: Line<Connection>, uptime: () => number, onFailure: () => void) {
  const windows = localWindows(uptime)

  return async (key: string, seconds: number): Promise<Usage> => {
    if (!line.isConnected()) return windows.count(key, seconds)
    try {
      const usage = await line.run((connection) => connection.count(key, seconds))
      windows.adopt(key, seconds, usage)
      return usage
    } catch {
      onFailure()
      return windows.count(key, seconds)
    }
  }
}
