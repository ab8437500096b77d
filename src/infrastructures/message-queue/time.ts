import { setTimeout as sleep } from 'node:timers/promises'

/** What `task` gives, or `late()` thrown if it takes longer; how a late one ends is nobody's business any more. */
export async function withTimeout<Result>(
  milliseconds: number,
  task: Promise<Result>,
  late: () => Error,
): Promise<Result> {
  const { promise: timeout, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(late()), milliseconds)
  task.catch(() => {})
  try {
    return await Promise.race([task, timeout])
  } finally {
    clearTimeout(timer)
  }
}

/** A pause that doubles from one failure to the next, with a fifth of chance, so that many do not come back at once. */
export const backoff = (failures: number, minMs: number, maxMs: number): number =>
  Math.min(minMs * 2 ** Math.min(failures, 30), maxMs) * (0.8 + 0.2 * Math.random())

/** Sleeps, unless or until `signal` says that it is over. */
export const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal }).catch(() => {})

/** Resolves when `signal` says that it is over. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
