import { createAutoResetEvent } from './auto-reset-event.ts'

/** Resolves so many milliseconds later. Once it is cancelled it leaves no timer behind, which would hold the process. */
export type Sleep = (milliseconds: number, cancelled: Promise<void>) => Promise<void>

/** Pauses of one task, one at a time, which end early when everything does. */
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

    /** A pause that the bell ends too, also if it has rung since the last such pause. */
    async sleepUntilSignalled(milliseconds: number): Promise<void> {
      await event.wait(() => sleep(milliseconds))
      end()
    },

    signal: event.set,

    /** Ends the pause at hand, and all that would follow. */
    cancel(): void {
      isCancelled = true
      end()
    },

    isCancelled: (): boolean => isCancelled,
  }
}
