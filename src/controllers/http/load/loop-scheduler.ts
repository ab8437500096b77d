/**
 * One turn of the event loop works for so long. It is short because between two turns requests are read, refused and
 * answered, and because libuv accepts one connection in each.
 */
const BUDGET_MS = 2
const MAX_STEPS = 128

type Work = Readonly<{ step: () => void; onEnd: () => void; isBurst: () => boolean; now: () => number }>

/**
 * Divides work into turns. Each step is an immediate of its own: what a request does without waiting is done, and what it
 * takes is known, before the next one starts.
 */
export function createLoopScheduler({ step, onEnd, isBurst, now }: Work) {
  let scheduled = 0
  let deadline = 0

  function run(): void {
    const at = now()
    if (deadline === 0) deadline = at + (isBurst() ? 0 : BUDGET_MS)
    if (at < deadline) step()
    if (--scheduled > 0) return
    deadline = 0
    onEnd()
  }

  return {
    /** Sees to it that so many steps are done in this turn and the next, as far as there is time. */
    schedule(steps: number): void {
      for (const wanted = Math.min(steps, MAX_STEPS); scheduled < wanted; scheduled++) setImmediate(run)
    },
  }
}
