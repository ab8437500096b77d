import { setTimeout as sleep } from 'node:timers/promises'

/** The result of `task`; throws `late()` if it takes longer, and then ignores its outcome. */
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

/** A back-off that doubles with each failure, with a jitter of a fifth, so that not all clients reconnect at once. */
export const backoff = (failures: number, minMs: number, maxMs: number): number =>
  Math.min(minMs * 2 ** Math.min(failures, 30), maxMs) * (0.8 + 0.2 * Math.random())

/** Sleeps until the time is over or `signal` aborts. */
export const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  sleep(milliseconds, undefined, { signal }).catch(() => {})

/** Resolves when `signal` aborts. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
