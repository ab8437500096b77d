import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../../infrastructures/telemetry/logger.ts'
import { type OnFork, startWorker, type WorkerProcess } from './worker-process.ts'

const BACK_OFF = { firstMs: 100, maxMs: 30_000 }
/** After serving for so long, the end of a worker does not count as a failed start. */
const STABLE_MS = 60_000

/** While a worker is replaced, its clients have so long to reconnect. */
const RELOAD_DELAY_MS = 2_000

export type WorkerPool = ReturnType<typeof createWorkerPool>

type Pool = {
  readonly logger: Logger
  readonly onFork: OnFork
  readonly members: Set<WorkerProcess>
  /** Those whose successor is starting. */
  readonly succeeded: Set<WorkerProcess>
  isStopping: boolean
}

/** Workers that share the ports. One that ends is replaced, after a growing pause where it happens again and again. */
export function createWorkerPool(logger: Logger, onFork: OnFork) {
  const members = new Set<WorkerProcess>()
  const pool: Pool = { logger, onFork, members, succeeded: new Set(), isStopping: false }

  return {
    join: () => join(pool),
    exchange: (old: WorkerProcess) => exchange(pool, old),
    members: (): readonly WorkerProcess[] => [...members],
    serving: () => [...members].filter(({ isLeaving }) => !isLeaving()).map(({ worker }) => worker),
    isStopping: () => pool.isStopping,

    /** Stops all. Returns the highest of their exit codes. */
    async stop(delayMs: number): Promise<number> {
      pool.isStopping = true
      return Math.max(0, ...(await Promise.all([...members].map((member) => member.stop(delayMs)))))
    },
  }
}

/** Starts one that is replaced when it ends by itself. Returns its exit code if it cannot start. */
async function join(pool: Pool, failures = 0): Promise<number> {
  const member = await startWorker(pool.onFork)
  if (typeof member === 'number') return member
  pool.members.add(member)
  void watch(pool, member, failures)
  if (pool.isStopping) void member.stop(0)
  return 0
}

async function watch(pool: Pool, member: WorkerProcess, failures: number): Promise<void> {
  const since = performance.now()
  const code = await member.ended
  pool.members.delete(member)
  if (member.isLeaving() || pool.isStopping) return
  const cause = `a worker ended with ${member.worker.process.signalCode ?? code}`
  if (pool.succeeded.has(member)) return pool.logger.error(`${cause}: its successor is starting`)
  await replace(pool, `${cause}: it is replaced`, performance.now() - since > STABLE_MS ? 0 : failures)
}

async function replace(pool: Pool, cause: string, failures: number): Promise<void> {
  const backoffMs = Math.min(BACK_OFF.maxMs, BACK_OFF.firstMs * 2 ** failures)
  pool.logger.error(`${cause} in ${backoffMs} ms`)
  await sleep(backoffMs, undefined, { ref: false }) // A stop does not wait for it.
  const code = pool.isStopping ? 0 : await join(pool, failures + 1)
  if (code === 0) return
  await replace(pool, `a worker could not start and ended with ${code}: another one is started`, failures + 1)
}

/** Stops one when its successor serves. Returns the exit code of a successor that cannot start. */
async function exchange(pool: Pool, old: WorkerProcess): Promise<number> {
  if (!pool.members.has(old)) return 0 // It has ended by itself, and is replaced.
  pool.succeeded.add(old)
  const code = await join(pool)
  pool.succeeded.delete(old)
  if (code === 0) await old.stop(RELOAD_DELAY_MS)
  else if (!pool.members.has(old)) void replace(pool, 'a worker ended, and its successor too: it is replaced', 0)
  return code
}

/** Starts so many, the first one alone, so that it alone logs an error. Returns the exit code of one that cannot start. */
export async function startAll({ join }: WorkerPool, size: number): Promise<number> {
  const first = await join()
  if (first !== 0) return first
  return Math.max(...(await Promise.all(Array.from({ length: size - 1 }, join))))
}

/** Replaces one worker after the other, each when the new one serves. */
export async function reload({ exchange, members, isStopping }: WorkerPool, logger: Logger): Promise<void> {
  for (const old of members()) {
    const code = await exchange(old)
    if (code !== 0) return logger.error(`a new worker ended with ${code}: the old workers stay`)
    if (isStopping()) return
  }
  logger.info('all workers are replaced')
}
