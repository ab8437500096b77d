import { ServerSetupError } from '../../connection/server-setup-error.ts'
import type { createPendingInvalidations, Invalidation } from './pending-invalidations.ts'
import { createRetryLoop } from './retry-loop.ts'
import { withTimeout } from './with-timeout.ts'

export type Listeners = Readonly<{
  onDisconnected: (error: Error) => void
  /** Called with the reason of each failed attempt to reconnect. */
  onConnectFailed?: (error: Error) => void
  onReconnected: () => void
}>

export type CacheConnection = Readonly<{
  invalidate(invalidation: Invalidation): Promise<void>
  ping(): Promise<void>
  destroy(): void
  /** Resolves with the first error. */
  failed: Promise<Error>
}>

type Needs<Connection> = Readonly<{
  connect: () => Promise<Connection>
  pending: ReturnType<typeof createPendingInvalidations>
  uptime: () => number
  listeners: Listeners
}>

/** No caller waits longer for a reply. */
export const REPLY_TIMEOUT_MS = 75

/**
 * After a reconnect this process uses no entries for so long: in that time, all processes that lost the server too reconnect
 * and send their pending invalidations. It covers a heartbeat, and attempts to connect.
 */
const QUARANTINE_MS = 3_000

/** Closed while connected. After a failure it is open until a new connection exists and all pending invalidations are sent. */
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
    /** @throws {ServerSetupError} when the server refuses this service for good */
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
