import { createAutoResetEvent } from './auto-reset-event.ts'

/** Resolves so many milliseconds later. Once it is cancelled it leaves no timer behind, which would hold the process. */
export type Sleep = (milliseconds: number, cancelled: Promise<void>) => Promise<void>

/** Pauses of one task, one at a time. Cancelling ends them early. */
export function createCancellableSleep(delay: Sleep) {
  const event = createAutoResetEvent()
  let end = (): void => {}
  let isCancelled = false

  async function sleep(milliseconds: number): Promise<void> {
    if (isCancelled) return
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    end = resolve
    delay(milliseconds, ended).then(resolve, resolve)
    await ended
  }

  return {
    sleep,

    /** A pause that a signal also ends, even one that came since the last such pause. */
    async sleepUntilSignalled(milliseconds: number): Promise<void> {
      await event.wait(() => sleep(milliseconds))
      end()
    },

    signal: event.set,

    /** Ends the current pause, and all later ones at once. */
    cancel(): void {
      isCancelled = true
      end()
    },

    isCancelled: (): boolean => isCancelled,
  }
}
