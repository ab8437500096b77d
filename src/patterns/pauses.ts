import { createBell } from './bell.ts'

/** Pauses of one task, one at a time, which end early when everything does. */
export function createPauses(sleep: (milliseconds: number) => Promise<void>) {
  const bell = createBell()
  let end = (): void => {}
  let isOver = false

  async function pause(milliseconds: number): Promise<void> {
    if (isOver) return
    await new Promise<void>((resolve) => {
      end = resolve
      sleep(milliseconds).then(resolve, resolve)
    })
  }

  return {
    pause,

    /** A pause that the bell ends too, also if it has rung since the last such pause. */
    untilRung: (milliseconds: number): Promise<void> => bell.wait(() => pause(milliseconds)),

    ring: bell.ring,

    /** Ends the pause at hand, and all that would follow. */
    endAll(): void {
      isOver = true
      end()
    },

    areOver: (): boolean => isOver,
  }
}
