/** How long starts are counted before the rate follows. */
const WINDOW_MS = 250
/** Weight of the newest window: one with a pause in it moves the rate by half at most. */
const SMOOTHING = 0.5
/** Until it is measured. */
const INITIAL_PER_SECOND = 2_000

/** How many items leave a queue in a second, measured while it is never empty: else it says nothing about the capacity. */
export function createStartRate(now: () => number) {
  let perSecond = INITIAL_PER_SECOND
  let windowStart = 0
  let started = 0

  function openWindow(): void {
    windowStart = now()
    started = 0
  }

  return {
    /** Call when the queue was empty. */
    openWindow,

    count(): void {
      started++
    },

    perSecond(): number {
      const elapsed = now() - windowStart
      if (elapsed < WINDOW_MS) return perSecond
      perSecond += ((started / elapsed) * 1_000 - perSecond) * SMOOTHING
      openWindow()
      return perSecond
    },
  }
}
