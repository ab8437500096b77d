import { createCancellableSleep, type Sleep } from '../patterns/cancellable-sleep.ts'

type Needs = Readonly<{
  everyMs: number
  /** Whether this process has the period with this number; false if another one was earlier. */
  claim: (period: number) => Promise<boolean>
  sleep: Sleep
  /** The time of day, in milliseconds: all processes have the same periods. */
  now: () => number
  onFailure: (error: unknown) => void
}>

/** A long task checks between its steps whether to stop. */
type Task = (isStopping: () => boolean) => Promise<void>

const MAX_RETRY_MS = 60_000
/** A timer that fires slightly early, by a clock that is slightly behind, belongs to the period that begins. */
const EARLY = 0.25

/**
 * Runs a task at the beginning of each period of the clock, in the process that claims the period. After a failure that process
 * tries again within the period, so a server that restarts at the full hour is not left alone for an hour.
 */
export function startClockPeriods(task: Task, { everyMs, claim, sleep, now, onFailure }: Needs) {
  const pauses = createCancellableSleep(sleep)
  const retryMs = Math.min(everyMs / 10, MAX_RETRY_MS)
  const current = () => Math.floor(now() / everyMs + EARLY)

  /** Also claims the periods that begin meanwhile, so that one process runs at a time. */
  async function runHolding(): Promise<void> {
    const holding = setInterval(() => void claim(current() + 1).catch(() => {}), everyMs / 2)
    await task(pauses.isCancelled).finally(() => clearInterval(holding))
  }

  async function runPeriod(period: number): Promise<void> {
    for (let isClaimed = false; !pauses.isCancelled() && current() === period; await pauses.sleep(retryMs)) {
      try {
        isClaimed ||= await claim(period)
        return isClaimed ? await runHolding() : undefined
      } catch (error) {
        onFailure(error)
      }
    }
  }

  async function run(): Promise<void> {
    while (!pauses.isCancelled()) {
      await pauses.sleep(everyMs - (now() % everyMs))
      await runPeriod(current())
    }
  }

  const running = run()
  return {
    /** Resolves when the current run has ended. */
    async stop(): Promise<void> {
      pauses.cancel()
      await running
    },
  }
}
