import type { WindowUsage } from '../cache.ts'
import { createRateWindows } from '../local-rate-window.ts'
import type { Connection } from './connection.ts'
import type { ResilientClient } from './resilient-client.ts'

/** Counts in Redis; while that is away, from what was known last. */
export function createRateCounter(client: ResilientClient<Connection>, uptime: () => number, onFailure: () => void) {
  const windows = createRateWindows(uptime)

  return async (key: string, seconds: number): Promise<WindowUsage> => {
    if (!client.isConnected()) return windows.count(key, seconds)
    try {
      const usage = await client.run((connection) => connection.count(key, seconds))
      windows.sync(key, seconds, usage)
      return usage
    } catch {
      onFailure()
      return windows.count(key, seconds)
    }
  }
}
