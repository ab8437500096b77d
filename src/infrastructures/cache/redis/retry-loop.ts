import { setTimeout as sleep } from 'node:timers/promises'

/** Between half of it and all of it passes after each attempt that failed, so that not everyone comes at once. */
const BACKOFF_MS = 250

type Needs = Readonly<{
  isNeeded: () => boolean
  /** Told why an attempt failed. */
  onFailure?: ((error: Error) => void) | undefined
  signal: AbortSignal
}>

/** Tries again and again behind everybody's back, once at a time, for as long as it is needed. */
export function createRetryLoop(attempt: () => Promise<void>, { isNeeded, onFailure, signal }: Needs): () => void {
  let isRunning = false

  async function run(): Promise<void> {
    if (isRunning) return
    isRunning = true
    try {
      while (isNeeded()) {
        await attempt().catch((error) => {
          if (!signal.aborted) onFailure?.(error)
        })
        if (isNeeded()) await sleep(BACKOFF_MS * (0.5 + Math.random() / 2), null, { signal, ref: false })
      }
    } finally {
      isRunning = false
    }
  }

  return () => void run().catch(() => {})
}
