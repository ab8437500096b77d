import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'

/** Those who wait until a message is settled. */
export function createPendingAcks() {
  const waiting = new Set<() => void>()
  let isClosed = false

  return {
    /** Resolves when `begin` or what it begins calls `settle`. @throws {DependencyUnavailable} when nobody can settle it */
    track(begin: (settle: () => void) => void): Promise<void> {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const fail = () => reject(new DependencyUnavailable('message queue'))
      promise.catch(() => {}) // Not everyone stays to hear it.
      waiting.add(fail)
      begin(() => {
        waiting.delete(fail)
        resolve()
      })
      if (isClosed) fail()
      return promise
    },

    /** There is somebody who settles what comes. */
    open(): void {
      isClosed = false
    },

    /** From now on there is nobody any more. */
    rejectAll(): void {
      isClosed = true
      for (const fail of waiting) fail()
      waiting.clear()
    },
  }
}
