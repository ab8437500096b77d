import { ErrorReply } from 'redis'
import { REPLY_TIMEOUT_MS } from './circuit-breaker.ts'
import { isElsewhere, setupErrorIn } from './connect-error.ts'
import { ReplyTimeout, withTimeout } from './with-timeout.ts'

/** After so long without a reply the connection counts as lost; before, the server has only paused. */
const STALL_TIMEOUT_MS = 500

/** Waits for replies, also for late ones: while one of them is missing, the connection is stalled. */
export function trackReplies<Connection>(disconnect: (connection: Connection, error: Error) => void) {
  let pending = 0

  async function awaitLateReply(connection: Connection, reply: Promise<unknown>): Promise<void> {
    pending++
    try {
      await withTimeout(STALL_TIMEOUT_MS, reply)
    } catch (error) {
      if (error instanceof ReplyTimeout) disconnect(connection, error)
    } finally {
      pending--
    }
  }

  return {
    isStalled: (): boolean => pending > 0,

    awaitLateReply: (connection: Connection, reply: Promise<unknown>): void => void awaitLateReply(connection, reply),

    /** @throws when the reply is an error, late, or missing */
    async awaitReply<Result>(connection: Connection, reply: Promise<Result>): Promise<Result> {
      try {
        return await withTimeout(REPLY_TIMEOUT_MS, reply)
      } catch (error) {
        if (error instanceof ReplyTimeout) void awaitLateReply(connection, reply)
        else if (!(error instanceof ErrorReply)) disconnect(connection, error as Error)
        else if (setupErrorIn(error) !== null || isElsewhere(error)) disconnect(connection, error)
        throw error
      }
    },
  }
}
