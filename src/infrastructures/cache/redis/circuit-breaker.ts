import { ServerSetupError } from '../../connection/server-setup-error.ts'
import type { createPendingInvalidations, Invalidation } from './pending-invalidations.ts'
import { createRetryLoop } from './retry-loop.ts'
import { withTimeout } from './with-timeout.ts'

export type Listeners = Readonly<{
  onDisconnected: (error: Error) => void
  /** Told why an attempt to connect again failed, at each one. */
  onConnectFailed?: (error: Error) => void
  onReconnected: () => void
}>

export type CacheConnection = Readonly<{
  invalidate(invalidation: Invalidation): Promise<void>
  ping(): Promise<void>
  destroy(): void
  /** Resolves when something went wrong with it. */
  failed: Promise<Error>
}>

type Needs<Connection> = Readonly<{
  connect: () => Promise<Connection>
  pending: ReturnType<typeof createPendingInvalidations>
  uptime: () => number
  listeners: Listeners
}>

/** No caller waits longer for an answer. */
export const REPLY_TIMEOUT_MS = 75

/**
 * After a loss nobody believes a copy for so long: all who lost the server with us come back in that time, and first
 * tell what they could not tell. It covers a heartbeat, and attempts to connect.
 */
const QUARANTINE_MS = 3_000

/** Closed while there is a connection. Once open, it closes from behind: a new connection, on which nothing is owed. */
export function createCircuitBreaker<Of extends CacheConnection>({ connect, pending, uptime, listeners }: Needs<Of>) {
  const closing = new AbortController()
  let current: Of | null = null
  let trustedFrom = 0

  const reopen = () => open(QUARANTINE_MS).then(listeners.onReconnected)
  const isNeeded = () => current === null
  const reconnect = createRetryLoop(reopen, { isNeeded, onFailure: listeners.onConnectFailed, signal: closing.signal })

  async function open(quarantineMs: number): Promise<void> {
    const fresh = await connect()
    try {
      await withTimeout(REPLY_TIMEOUT_MS, fresh.ping())
      while (!pending.isEmpty()) await pending.flush((batch) => withTimeout(REPLY_TIMEOUT_MS, fresh.invalidate(batch)))
      closing.signal.throwIfAborted()
    } catch (error) {
      fresh.destroy()
      throw error
    }
    trustedFrom = uptime() + quarantineMs
    current = fresh
    void fresh.failed.then((error) => disconnect(fresh, error))
  }

  function disconnect(failed: Of | null, error: Error): void {
    if (current !== failed || closing.signal.aborted) return
    current = null
    failed?.destroy()
    listeners.onDisconnected(error)
    reconnect()
  }

  return {
    current: (): Of | null => current,
    isTrusted: (): boolean => current !== null && uptime() >= trustedFrom,
    /** @throws {ServerSetupError} when it was said at once that no later attempt does better */
    start: (): Promise<void> =>
      open(0).catch((error) => {
        if (error instanceof ServerSetupError) throw error
        disconnect(null, error)
      }),
    disconnect,
    close(): void {
      closing.abort()
      current?.destroy()
      current = null
    },
  }
}
