export type Recurring = Readonly<{
  /** Resolves when the run at hand is over. */
  stop: () => Promise<void>
}>

type Needs = Readonly<{
  everyMs: number
  sleep: (milliseconds: number) => Promise<void>
  random: () => number
  onFailure: (error: unknown) => void
}>

/**
 * Runs a task again and again, one run at a time, until it is stopped. The pauses vary by half, so that several processes
 * do not do the same at the same moment. A run that fails is told, and followed by the next one like any other.
 */
export function startRecurring(task: () => Promise<void>, { everyMs, sleep, random, onFailure }: Needs): Recurring {
  const { promise: stopped, resolve: stop } = Promise.withResolvers<'stopped'>()

  async function run(): Promise<void> {
    for (;;) {
      const pause = sleep(everyMs * (0.5 + random()))
      if ((await Promise.race([pause, stopped])) === 'stopped') return
      await task().catch(onFailure)
    }
  }

  const running = run()
  return {
    async stop() {
      stop('stopped')
      await running
    },
  }
}
