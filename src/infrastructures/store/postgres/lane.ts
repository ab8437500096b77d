import { share } from '../../../patterns/share.ts'
import { SessionEnded } from './errors.ts'
import type { Session } from './session.ts'

export type Lane = ReturnType<typeof openLane>

/** A lane that has said nothing for so long, though it should, is held up by something. */
const HELD_UP_MS = 50

/**
 * One shared connection on which statements follow each other without waiting for answers (pipelining). It connects when
 * it is first needed, and anew after the server went away.
 */
export function openLane(openSession: () => Promise<Session>, onIdleError: (error: Error) => void) {
  let current: Session | null = null
  let inFlight = 0
  let heardAt = 0

  function lose(session: Session | null, error?: Error): void {
    if (current !== session) return
    current = null
    if (error !== undefined && inFlight === 0) onIdleError(error)
  }

  const openOnce = share(async () => {
    current = await watched(openSession, lose)
    return current
  })

  return {
    inFlight: (): number => inFlight,

    isHeldUp: (): boolean => inFlight > 0 && performance.now() - heardAt > HELD_UP_MS,

    /**
     * Sends what the task sends in its first turn behind all that was sent before.
     *
     * @throws whatever the opening of the session throws, or the task
     */
    async run<Result>(task: (session: Session) => Promise<Result>): Promise<Result> {
      if (inFlight++ === 0) heardAt = performance.now()
      let session = current
      try {
        session ??= await openOnce()
        session.hold()
        return await task(session)
      } catch (error) {
        if (error instanceof SessionEnded) lose(session)
        throw error
      } finally {
        inFlight--
        heardAt = performance.now()
      }
    },

    /** Lets what comes next open a new session, unless this one is younger than so much. What is in flight is finished. */
    renew(leastAgeMs: number): void {
      if (current === null || performance.now() - current.openedAt < leastAgeMs) return
      void current.client.end()
      current = null
    },

    close: async () => current?.client.end(),
  }
}

async function watched(
  open: () => Promise<Session>,
  lose: (session: Session, error?: Error) => void,
): Promise<Session> {
  const session = await open()
  session.client.on('error', (error) => lose(session, error))
  session.client.on('end', () => lose(session))
  return session
}
