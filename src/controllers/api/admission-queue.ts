/** A request that fits within the bound waits about this long at most. */
const MAX_WAIT_MS = 250

/** Small bursts always fit in; and memory is bounded, at about 17 KB a request. */
const LENGTH = { min: 64, max: 1_000 }

/** How long starts are counted before the rate follows. */
const RATE_WINDOW_MS = 250
/** Weight of the newest window: one with a pause in it moves the rate by half at most. */
const RATE_SMOOTHING = 0.5
/** Until it is measured. */
const INITIAL_PER_SECOND = 2_000

export type AdmissionQueue<Item> = ReturnType<typeof createAdmissionQueue<Item>>

/**
 * At most `maxRunning` items run at once, others wait in order of arrival. The queue is full when it holds more than start
 * within `MAX_WAIT_MS` (Little's law), by the rate that is measured while items wait. A small load on a slow disk does not
 * lower that rate, and after a pause of the process nothing is refused unless the load of `MAX_WAIT_MS` arrives at once.
 */
export function createAdmissionQueue<Item>(maxRunning: number, now: () => number) {
  const waiting: Item[] = []
  const rate = createStartRate(now)
  let running = 0

  return {
    waiting: (): number => waiting.length,
    running: (): number => running,
    startsPerSecond: rate.perSecond,

    /** How many of those that wait may start now. */
    startable: (): number => Math.max(0, Math.min(waiting.length, maxRunning - running)),

    /** Whether an item need not wait. */
    isFree: (): boolean => waiting.length === 0 && running < maxRunning,

    isFull(): boolean {
      if (waiting.length < LENGTH.min) return false
      const bound = (rate.perSecond() / 1_000) * MAX_WAIT_MS
      return waiting.length >= Math.min(LENGTH.max, Math.max(LENGTH.min, bound))
    },

    add(item: Item): void {
      if (waiting.length === 0) rate.openWindow()
      waiting.push(item)
    },

    take(): Item | undefined {
      rate.count()
      return waiting.shift()
    },

    begin(): void {
      running++
    },

    end(): void {
      running--
    },
  }
}

/** How many items leave a queue in a second, measured while it is never empty: else it says nothing about the capacity. */
function createStartRate(now: () => number) {
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
      if (elapsed < RATE_WINDOW_MS) return perSecond
      perSecond += ((started / elapsed) * 1_000 - perSecond) * RATE_SMOOTHING
      openWindow()
      return perSecond
    },
  }
}
