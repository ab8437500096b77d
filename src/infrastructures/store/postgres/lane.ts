import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import { share } from '../../../patterns/share.ts'
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

  async function open(): Promise<Session> {
    const session = await openSession().catch((cause) => {
      throw new DependencyUnavailable('database', { cause })
    })
    const lose = (error?: Error) => {
      if (current !== session) return
      current = null
      if (error !== undefined && inFlight === 0) onIdleError(error)
    }
    session.client.on('error', lose)
    session.client.on('end', lose)
    current = session
    return session
  }

  const openOnce = share(open)

  return {
    inFlight: (): number => inFlight,

    isHeldUp: (): boolean => inFlight > 0 && performance.now() - heardAt > HELD_UP_MS,

    /**
     * Sends what the task sends in its first turn behind all that was sent before.
     *
     * @throws {DependencyUnavailable} when there is no connection, and whatever the task throws
     */
    async run<Result>(task: (session: Session) => Promise<Result>): Promise<Result> {
      if (inFlight++ === 0) heardAt = performance.now()
      try {
        const session = current ?? (await openOnce())
        session.hold()
        return await task(session)
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
