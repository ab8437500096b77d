import { setImmediate as immediate } from 'node:timers/promises'
import { type CacheConnection, createCircuitBreaker, type Listeners } from './circuit-breaker.ts'
import { createPendingInvalidations, type Invalidation } from './pending-invalidations.ts'
import { trackReplies } from './reply-timeouts.ts'

type Needs<Connection> = Readonly<{ connect: () => Promise<Connection>; uptime: () => number; listeners: Listeners }>

export type ResilientClient<Connection extends CacheConnection> = ReturnType<typeof createResilientClient<Connection>>

/** An idle process notices within so long that the server is gone. */
const HEARTBEAT_MS = 1_000

/**
 * Speaks to a server behind a circuit breaker: after the first answer that is late, nobody waits for anything until it
 * comes or, soon, the connection is given up for another one. Only what is to be forgotten is sent all the same.
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

  /** Whoever sent it and hears of a failure owes it from then on. */
  const sendInvalidation = (used: Connection, invalidation: Invalidation): Promise<void> =>
    used.invalidate(invalidation).catch((error) => {
      pending.add(invalidation)
      disconnect(used, error)
    })

  return {
    /** Connects for the first time, or goes on trying behind the back of the caller. */
    start,

    isConnected: (): boolean => current() !== null && !isStalled(),

    /** Whether copies may be believed. */
    isTrusted: (): boolean => isTrusted() && !isStalled(),

    /** @throws when the answer is an error, comes late, or not at all */
    run,

    /** Tells it now, or else as soon as possible: until then copies are not believed. */
    async invalidate(invalidation: Invalidation): Promise<void> {
      const used = current()
      if (used === null) return pending.add(invalidation)
      const sent = sendInvalidation(used, invalidation)
      if (!isStalled()) return awaitReply(used, sent).catch(() => {})
      awaitLateReply(used, sent)
      await immediate() // the client writes at the end of a turn: then it is on its way before anyone hears of the change
    },

    async close(): Promise<void> {
      clearInterval(heartbeat)
      close()
    },
  }
}
