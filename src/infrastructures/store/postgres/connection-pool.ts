import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import type { PipelinedConnection } from './pipelined-connection.ts'
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
