import { CallError } from './errors.ts'

const LARGE_BYTES = 64 * 1024
const MAX_PENDING_BYTES = 64 * 1024 * 1024

export type PendingResponses = ReturnType<typeof createPendingResponses>

/** Bounds what slow readers can make this process hold, as for REST: while that much waits, large answers are refused. */
export function createPendingResponses() {
  let unsent = 0

  return {
    /** Counts an answer until it is released. @throws {CallError} */
    reserve({ length: bytes }: Buffer): () => void {
      if (bytes < LARGE_BYTES) return () => {}
      if (unsent + bytes > MAX_PENDING_BYTES) throw new CallError('overloaded')
      unsent += bytes
      return () => {
        unsent -= bytes
      }
    },
  }
}
