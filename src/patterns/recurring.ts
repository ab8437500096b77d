import { createPauses, type Sleep } from './pauses.ts'

export type Recurring = Readonly<{
  /** Resolves when the run at hand is over. */
  stop: () => Promise<void>
}>

type Needs = Readonly<{
  everyMs: number
  sleep: Sleep
  random: () => number
  onFailure: (error: unknown) => void
}>

/** A task that takes long asks between its steps whether it is to stop. */
type Task = (isStopping: () => boolean) => Promise<void>

/**
 * Runs a task again and again, one run at a time, until it is stopped. The pauses vary by half, so that several processes
 * do not do the same at the same moment. A run that fails is told, and followed by the next one like any other.
 */
export function startRecurring(task: Task, { everyMs, sleep, random, onFailure }: Needs): Recurring {
  const pauses = createPauses(sleep)

  async function run(): Promise<void> {
    for (;;) {
      await pauses.pause(everyMs * (0.5 + random()))
      if (pauses.areOver()) return
      await task(pauses.areOver).catch(onFailure)
    }
  }

  const running = run()
  return {
    async stop() {
      pauses.endAll()
      await running
    },
  }
}
