import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../../infrastructures/telemetry/logger.ts'
import { type OnFork, startWorker, type WorkerProcess } from './worker-process.ts'

const BACK_OFF = { firstMs: 100, maxMs: 30_000 }
/** After serving for so long, the end of a worker does not count as a failed start. */
const STABLE_MS = 60_000

/** While a worker is replaced, its clients have so long to reconnect. */
const RELOAD_DELAY_MS = 2_000

export type WorkerPool = ReturnType<typeof createWorkerPool>

/** Workers that share the ports. One that ends is replaced, after a growing pause where it happens again and again. */
export function createWorkerPool(logger: Logger, onFork: OnFork) {
  const members = new Set<WorkerProcess>()
  let isStopping = false

  /** Starts one that is replaced when it ends by itself. Returns its exit code if it cannot start. */
  async function join(failures = 0): Promise<number> {
    const member = await startWorker(onFork)
    if (typeof member === 'number') return member
    members.add(member)
    void watch(member, failures)
    if (isStopping) void member.stop(0)
    return 0
  }

  async function watch(member: WorkerProcess, failures: number): Promise<void> {
    const since = performance.now()
    const code = await member.ended
    members.delete(member)
    if (member.isLeaving() || isStopping) return
    logger.error(`a worker ended with ${member.worker.process.signalCode ?? code}: it is replaced`)
    await replace(performance.now() - since > STABLE_MS ? 0 : failures)
  }

  async function replace(failures: number): Promise<void> {
    await sleep(Math.min(BACK_OFF.maxMs, BACK_OFF.firstMs * 2 ** failures))
    const code = isStopping ? 0 : await join(failures + 1)
    if (code === 0) return
    logger.error(`a worker could not start and ended with ${code}: another one is started`)
    await replace(failures + 1)
  }

  return {
    join: () => join(),
    members: (): readonly WorkerProcess[] => [...members],
    serving: () => [...members].filter(({ isLeaving }) => !isLeaving()).map(({ worker }) => worker),
    isStopping: () => isStopping,

    /** Stops all. Returns the highest of their exit codes. */
    async stop(delayMs: number): Promise<number> {
      isStopping = true
      return Math.max(0, ...(await Promise.all([...members].map((member) => member.stop(delayMs)))))
    },
  }
}

/** Starts so many, the first one alone, so that it alone logs an error. Returns the exit code of one that cannot start. */
export async function startAll({ join }: WorkerPool, size: number): Promise<number> {
  const first = await join()
  if (first !== 0) return first
  return Math.max(...(await Promise.all(Array.from({ length: size - 1 }, join))))
}

/** Replaces one worker after the other, each when the new one serves. */
export async function reload({ join, members, isStopping }: WorkerPool, logger: Logger): Promise<void> {
  for (const old of members()) {
    const code = await join()
    if (code !== 0) return logger.error(`a new worker ended with ${code}: the old workers stay`)
    if (isStopping()) return
    await old.stop(RELOAD_DELAY_MS)
  }
  logger.info('all workers are replaced')
}
