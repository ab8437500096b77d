import { setImmediate as immediate } from 'node:timers/promises'
import { type CacheConnection, createCircuitBreaker, type Listeners } from './circuit-breaker.ts'
import { createPendingInvalidations, type Invalidation } from './pending-invalidations.ts'
import { trackReplies } from './reply-timeouts.ts'

type Needs<Connection> = Readonly<{ connect: () => Promise<Connection>; uptime: () => number; listeners: Listeners }>

export type ResilientClient<Connection extends CacheConnection> = ReturnType<typeof createResilientClient<Connection>>

/** How soon an idle process notices that the server is down. */
const HEARTBEAT_MS = 1_000

/**
 * A client with a circuit breaker: after the first late reply, no caller waits for the server until that reply arrives or,
 * soon, the client opens another connection. It still sends invalidations meanwhile.
 */
export function createResilientClient<Connection extends CacheConnection>(needs: Needs<Connection>) {
  const pending = createPendingInvalidations()
  const { current, isTrusted, start, disconnect, close } = createCircuitBreaker({ ...needs, pending })
  const { isStalled, awaitLateReply, awaitReply } = trackReplies(disconnect)
  const heartbeat = setInterval(() => run((connection) => connection.ping()).catch(() => {}), HEARTBEAT_MS).unref()

  async function run<Result>(task: (connection: Connection) => Promise<Result>): Promise<Result> {
    const used = current()
    if (used === null || isStalled()) throw new Error('There is no connection.')
    return awaitReply(used, task(used))
  }

  /** If sending fails, the invalidation stays pending. */
  const sendInvalidation = (used: Connection, invalidation: Invalidation): Promise<void> =>
    used.invalidate(invalidation).catch((error) => {
      pending.add(invalidation)
      disconnect(used, error)
    })

  return {
    /** Connects for the first time, or keeps trying in the background. */
    start,

    isConnected: (): boolean => current() !== null && !isStalled(),

    /** Whether entries may be used. */
    isTrusted: (): boolean => isTrusted() && !isStalled(),

    /** @throws when the reply is an error, late, or missing */
    run,

    /** Sends it now, or else as soon as possible: until then no entries are used. */
    async invalidate(invalidation: Invalidation): Promise<void> {
      const used = current()
      if (used === null) return pending.add(invalidation)
      const sent = sendInvalidation(used, invalidation)
      if (!isStalled()) return awaitReply(used, sent).catch(() => {})
      awaitLateReply(used, sent)
      await immediate() // the client writes at the end of a turn: so it is sent before the change is acknowledged
    },

    async close(): Promise<void> {
      clearInterval(heartbeat)
      close()
    },
  }
}
