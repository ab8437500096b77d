import { createBell } from './bell.ts'

/** Resolves so many milliseconds later. Once it is cancelled it leaves no timer behind, which would hold the process. */
export type Sleep = (milliseconds: number, cancelled: Promise<void>) => Promise<void>

/** Pauses of one task, one at a time, which end early when everything does. */
export function createPauses(sleep: Sleep) {
  const bell = createBell()
  let end = (): void => {}
  let isOver = false

  async function pause(milliseconds: number): Promise<void> {
    if (isOver) return
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    end = resolve
    sleep(milliseconds, ended).then(resolve, resolve)
    await ended
  }

  return {
    pause,

    /** A pause that the bell ends too, also if it has rung since the last such pause. */
    async untilRung(milliseconds: number): Promise<void> {
      await bell.wait(() => pause(milliseconds))
      end()
    },

    ring: bell.ring,

    /** Ends the pause at hand, and all that would follow. */
    endAll(): void {
      isOver = true
      end()
    },

    areOver: (): boolean => isOver,
  }
}
