import { singleFlight } from '../../../patterns/single-flight.ts'
import { SessionTerminated } from './errors.ts'
import type { Session } from './session.ts'

export type PipelinedConnection = ReturnType<typeof createPipelinedConnection>

/** A connection without a reply for so long is stalled, if it has statements in flight. */
const STALL_MS = 50

/**
 * One shared connection on which statements follow each other without waiting for answers (pipelining). It connects when
 * it is first needed, and again after the connection was lost.
 */
export function createPipelinedConnection(openSession: () => Promise<Session>, onIdleError: (error: Error) => void) {
  let current: Session | null = null
  let inFlight = 0
  let lastReplyAt = 0

  function discard(session: Session | null, error?: Error): void {
    if (current !== session) return
    current = null
    if (error !== undefined && inFlight === 0) onIdleError(error)
  }

  const openOnce = singleFlight(async () => {
    current = await watchSession(openSession, discard)
    return current
  })

  return {
    inFlight: (): number => inFlight,

    isStalled: (): boolean => inFlight > 0 && performance.now() - lastReplyAt > STALL_MS,

    /**
     * Sends the statements of the task's first turn behind all earlier ones.
     *
     * @throws whatever the opening of the session throws, or the task
     */
    async run<Result>(task: (session: Session) => Promise<Result>): Promise<Result> {
      if (inFlight++ === 0) lastReplyAt = performance.now()
      let session = current
      try {
        session ??= await openOnce()
        session.cork()
        return await task(session)
      } catch (error) {
        if (error instanceof SessionTerminated) discard(session)
        throw error
      } finally {
        inFlight--
        lastReplyAt = performance.now()
      }
    },

    /** Later statements open a new session, unless this one is younger than so much. Those in flight finish. */
    renew(minAgeMs: number): void {
      if (current === null || performance.now() - current.openedAt < minAgeMs) return
      void current.client.end()
      current = null
    },

    close: async () => current?.client.end(),
  }
}

async function watchSession(
  open: () => Promise<Session>,
  discard: (session: Session, error?: Error) => void,
): Promise<Session> {
  const session = await open()
  session.client.on('error', (error) => discard(session, error))
  session.client.on('end', () => discard(session))
  return session
}
