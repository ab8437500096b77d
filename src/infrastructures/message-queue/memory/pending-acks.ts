import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'

/** Publishers that wait until a message is acknowledged or a dead letter (settled). */
export function createPendingAcks() {
  const waiting = new Set<() => void>()
  let isClosed = false

  return {
    /** Resolves when `begin` or what it begins calls `settle`. @throws {DependencyUnavailable} when no consumer can settle it */
    track(begin: (settle: () => void) => void): Promise<void> {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const fail = () => reject(new DependencyUnavailable('message queue'))
      promise.catch(() => {}) // The publisher may not wait for it.
      waiting.add(fail)
      begin(() => {
        waiting.delete(fail)
        resolve()
      })
      if (isClosed) fail()
      return promise
    },

    /** Call when a consumer has started. */
    open(): void {
      isClosed = false
    },

    /** Call when the last consumer has ended. */
    rejectAll(): void {
      isClosed = true
      for (const fail of waiting) fail()
      waiting.clear()
    },
  }
}
