import type { Worker } from 'node:cluster'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../../infrastructures/telemetry/logger.ts'
import { causeOf, type Ending, type OnFork, startWorker, type WorkerProcess } from './worker-process.ts'

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
  /** Those that do not serve yet. */
  readonly starting: Set<Worker>
  /** Those whose successor is starting. */
  readonly succeeded: Set<WorkerProcess>
  isStopping: boolean
}

/** Workers that share the ports. One that ends is replaced, after a growing pause where it happens again and again. */
export function createWorkerPool(logger: Logger, onFork: OnFork) {
  const members = new Set<WorkerProcess>()
  const pool: Pool = { logger, onFork, members, starting: new Set(), succeeded: new Set(), isStopping: false }

  return {
    join: () => join(pool),
    exchange: (old: WorkerProcess) => exchange(pool, old),
    members: (): readonly WorkerProcess[] => [...members],
    serving: () => [...members].filter(({ isLeaving }) => !isLeaving()).map(({ worker }) => worker),
    isStopping: () => pool.isStopping,

    /** Stops all, those that do not serve yet at once. Returns the highest exit code of the others. */
    async stop(delayMs: number): Promise<number> {
      pool.isStopping = true
      for (const worker of pool.starting) worker.process.kill()
      const endings = await Promise.all([...members].map((member) => member.stop(delayMs)))
      return Math.max(0, ...endings.map(({ code }) => code))
    },
  }
}

/** Starts one that is replaced when it ends by itself. Returns how it ended if it cannot start. */
async function join(pool: Pool, failures = 0): Promise<Ending | null> {
  const member = await startWorker((worker) => {
    pool.starting.add(worker)
    worker.once('exit', () => pool.starting.delete(worker))
    pool.onFork(worker)
  })
  if ('code' in member) return member
  pool.starting.delete(member.worker)
  pool.members.add(member)
  void watch(pool, member, failures)
  if (pool.isStopping) void member.stop(0)
  return null
}

async function watch(pool: Pool, member: WorkerProcess, failures: number): Promise<void> {
  const since = performance.now()
  const ending = await member.ended
  pool.members.delete(member)
  if (member.isLeaving() || pool.isStopping) return
  const cause = `a worker ended with ${causeOf(ending)}`
  if (pool.succeeded.has(member)) return pool.logger.error(`${cause}: its successor is starting`)
  await replace(pool, `${cause}: it is replaced`, performance.now() - since > STABLE_MS ? 0 : failures)
}

async function replace(pool: Pool, cause: string, failures: number): Promise<void> {
  const backoffMs = Math.min(BACK_OFF.maxMs, BACK_OFF.firstMs * 2 ** failures)
  pool.logger.error(`${cause} in ${backoffMs} ms`)
  await sleep(backoffMs, undefined, { ref: false }) // A stop does not wait for it.
  const failure = pool.isStopping ? null : await join(pool, failures + 1)
  if (failure === null || pool.isStopping) return
  const again = `a worker could not start and ended with ${causeOf(failure)}: another one is started`
  await replace(pool, again, failures + 1)
}

/** Stops one when its successor serves. Returns how a successor ended that cannot start. */
async function exchange(pool: Pool, old: WorkerProcess): Promise<Ending | null> {
  if (!pool.members.has(old)) return null // It has ended by itself, and is replaced.
  pool.succeeded.add(old)
  const failure = await join(pool)
  pool.succeeded.delete(old)
  if (failure === null) await old.stop(RELOAD_DELAY_MS)
  else if (!pool.members.has(old)) void replace(pool, 'a worker ended, and its successor too: it is replaced', 0)
  return failure
}

/** Starts so many, the first one alone, so that it alone logs an error. Returns how one ended that cannot start. */
export async function startAll({ join }: WorkerPool, size: number): Promise<Ending | null> {
  const first = await join()
  if (first !== null) return first
  const others = await Promise.all(Array.from({ length: size - 1 }, join))
  return others.find((failure) => failure !== null) ?? null
}

/** Replaces one worker after the other, each when the new one serves. */
export async function reload({ exchange, members, isStopping }: WorkerPool, logger: Logger): Promise<void> {
  for (const old of members()) {
    const failure = await exchange(old)
    if (isStopping()) return
    if (failure !== null) return logger.error(`a new worker ended with ${causeOf(failure)}: the old workers stay`)
  }
  logger.info('all workers are replaced')
}
