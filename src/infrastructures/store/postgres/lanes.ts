import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import type { Lane } from './lane.ts'
import type { Session } from './session.ts'

type Task<Result> = (session: Session) => Promise<Result>
type Waiting = (lane: Lane) => void

/** Nobody waits longer for a lane that takes more, and no more than so many wait: the others are turned away. */
const PATIENCE_MS = 1_000
const MOST_WAITING = 2_000

/** Hands each task to the lane with the least in flight. One that is full, or held up by something, is passed by. */
export function openLanes(lanes: readonly Lane[], depth: number) {
  const waiting = new Set<Waiting>()

  function free(): Lane | null {
    let best: Lane | null = null
    for (const lane of lanes) {
      if (lane.inFlight() < (best?.inFlight() ?? depth) && !lane.isHeldUp()) best = lane
    }
    return best
  }

  function serve(): void {
    for (const next of waiting) {
      const lane = free()
      if (lane === null) return
      waiting.delete(next)
      next(lane)
    }
  }

  async function start<Result>(lane: Lane, task: Task<Result>): Promise<Result> {
    try {
      return await lane.run(task)
    } finally {
      if (waiting.size > 0) serve()
    }
  }

  function wait<Result>(task: Task<Result>): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>()
    const next: Waiting = (lane) => {
      clearTimeout(timer)
      resolve(start(lane, task))
    }
    const timer = setTimeout(() => {
      waiting.delete(next)
      reject(new DependencyUnavailable('database'))
    }, PATIENCE_MS)
    waiting.add(next)
    return promise
  }

  return {
    /** @throws {DependencyUnavailable} when no lane took it in time: then nothing was sent */
    async run<Result>(task: Task<Result>): Promise<Result> {
      const lane = waiting.size === 0 ? free() : null
      if (lane !== null) return start(lane, task)
      if (waiting.size >= MOST_WAITING) throw new DependencyUnavailable('database')
      return wait(task)
    },
  }
}
