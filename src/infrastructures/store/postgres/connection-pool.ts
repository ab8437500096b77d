import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import { singleFlight } from '../../../patterns/single-flight.ts'
import { SessionTerminated } from './errors.ts'
import type { Session } from './session.ts'

type Task<Result> = (session: Session) => Promise<Result>
type Waiting = (connection: PipelinedConnection) => void

/** No task waits longer for a connection with room, and no more than so many wait: others fail at once. */
const ACQUIRE_TIMEOUT_MS = 1_000
const MAX_WAITING = 2_000

/** Gives each task to the connection with the fewest in flight. It skips connections that are full or stalled. */
export function createConnectionPool(connections: readonly PipelinedConnection[], depth: number) {
  const waiting = new Set<Waiting>()

  function free(): PipelinedConnection | null {
    let best: PipelinedConnection | null = null
    for (const connection of connections) {
      if (connection.inFlight() < (best?.inFlight() ?? depth) && !connection.isStalled()) best = connection
    }
    return best
  }

  function serve(): void {
    for (const next of waiting) {
      const connection = free()
      if (connection === null) return
      waiting.delete(next)
      next(connection)
    }
  }

  async function start<Result>(connection: PipelinedConnection, task: Task<Result>): Promise<Result> {
    try {
      return await connection.run(task)
    } finally {
      if (waiting.size > 0) serve()
    }
  }

  function wait<Result>(task: Task<Result>): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    const next: Waiting = (connection) => {
      clearTimeout(timer)
      resolve(start(connection, task))
    }
    const timer = setTimeout(() => {
      waiting.delete(next)
      reject(new DependencyUnavailable('database'))
    }, ACQUIRE_TIMEOUT_MS)
    waiting.add(next)
    return promise
  }

  return {
    waiting: (): number => waiting.size,

    /** @throws {DependencyUnavailable} when no connection took it in time: then nothing was sent */
    async run<Result>(task: Task<Result>): Promise<Result> {
      const connection = waiting.size === 0 ? free() : null
      if (connection !== null) return start(connection, task)
      if (waiting.size >= MAX_WAITING) throw new DependencyUnavailable('database')
      return wait(task)
    },
  }
}

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
