import { setTimeout as sleep } from 'node:timers/promises'

/** The back-off: half to all of it, at random, so that not all processes reconnect at once. */
const BACKOFF_MS = 250

type Needs = Readonly<{
  isNeeded: () => boolean
  /** Called with the reason of a failed attempt. */
  onFailure?: ((error: Error) => void) | undefined
  signal: AbortSignal
}>

/** Retries in the background, one attempt at a time, as long as it is needed. */
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
