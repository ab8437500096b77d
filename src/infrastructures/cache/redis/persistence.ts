import { setTimeout as sleep } from 'node:timers/promises'

/** Between half of it and all of it passes after each attempt that failed, so that not everyone comes at once. */
const PAUSE_MS = 250

type Needs = Readonly<{
  isNeeded: () => boolean
  /** Told why an attempt failed. */
  onFailure?: ((error: Error) => void) | undefined
  signal: AbortSignal
}>

/** Tries again and again behind everybody's back, once at a time, for as long as it is needed. */
export function persistent(attempt: () => Promise<void>, { isNeeded, onFailure, signal }: Needs): () => void {
  let isTrying = false

  async function keepTrying(): Promise<void> {
    if (isTrying) return
    isTrying = true
    try {
      while (isNeeded()) {
        await attempt().catch((error) => {
          if (!signal.aborted) onFailure?.(error)
        })
        if (isNeeded()) await sleep(PAUSE_MS * (0.5 + Math.random() / 2), null, { signal, ref: false })
      }
    } finally {
      isTrying = false
    }
  }

  return () => void keepTrying().catch(() => {})
}
