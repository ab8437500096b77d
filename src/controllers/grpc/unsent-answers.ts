import { CallRefused } from './errors.ts'

const LARGE_BYTES = 64 * 1024
const MAX_UNSENT_BYTES = 64 * 1024 * 1024

export type UnsentAnswers = ReturnType<typeof createUnsentAnswers>

/** Bounds what slow readers can make this process hold, as for REST: while that much waits, large answers are refused. */
export function createUnsentAnswers() {
  let unsent = 0

  return {
    /** Counts an answer until it is released. @throws {CallRefused} */
    hold({ length: bytes }: Buffer): () => void {
      if (bytes < LARGE_BYTES) return () => {}
      if (unsent + bytes > MAX_UNSENT_BYTES) throw new CallRefused('overloaded')
      unsent += bytes
      return () => {
        unsent -= bytes
      }
    },
  }
}
