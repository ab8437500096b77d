import { createCancellableSleep, type Sleep } from './cancellable-sleep.ts'

export type PeriodicTask = Readonly<{
  /** Resolves when the current run has ended. */
  stop: () => Promise<void>
}>

type Needs = Readonly<{
  everyMs: number
  sleep: Sleep
  random: () => number
  onFailure: (error: unknown) => void
}>

/** A long task checks between its steps whether to stop. */
type Task = (isStopping: () => boolean) => Promise<void>

/**
 * Runs a task again and again, one run at a time, until it is stopped. The pauses vary by half, so that several processes
 * do not do the same at the same moment. A failed run is reported; the next one follows as usual.
 */
export function startPeriodicTask(task: Task, { everyMs, sleep, random, onFailure }: Needs): PeriodicTask {
  const sleeper = createCancellableSleep(sleep)

  async function run(): Promise<void> {
    for (;;) {
      await sleeper.sleep(everyMs * (0.5 + random()))
      if (sleeper.isCancelled()) return
      await task(sleeper.isCancelled).catch(onFailure)
    }
  }

  const running = run()
  return {
    async stop() {
      sleeper.cancel()
      await running
    },
  }
}
