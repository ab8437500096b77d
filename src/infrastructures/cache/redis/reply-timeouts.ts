import { ErrorReply } from 'redis'
import { REPLY_TIMEOUT_MS } from './circuit-breaker.ts'
import { setupErrorIn } from './connect-error.ts'
import { ReplyTimeout, withTimeout } from './with-timeout.ts'

/** A server that says nothing for so long is taken for lost; one that speaks earlier only paused. */
const STALL_TIMEOUT_MS = 500

/** Hears answers, and outwaits those that are late: for as long as one of them is due, there is silence. */
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

    /** @throws when the answer is an error, comes late, or not at all */
    async awaitReply<Result>(connection: Connection, reply: Promise<Result>): Promise<Result> {
      try {
        return await withTimeout(REPLY_TIMEOUT_MS, reply)
      } catch (error) {
        if (error instanceof ReplyTimeout) void awaitLateReply(connection, reply)
        else if (!(error instanceof ErrorReply)) disconnect(connection, error as Error)
        else if (setupErrorIn(error) !== null) disconnect(connection, error)
        throw error
      }
    },
  }
}
