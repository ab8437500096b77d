import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'

/** Those who wait until a message is settled. */
export function openWaiters() {
  const waiting = new Set<() => void>()
  let isHopeless = false

  return {
    /** Resolves when `begin` or what it begins calls `settle`. @throws {DependencyUnavailable} when nobody can settle it */
    until(begin: (settle: () => void) => void): Promise<void> {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const leave = () => reject(new DependencyUnavailable('message queue'))
      promise.catch(() => {}) // Not everyone stays to hear it.
      waiting.add(leave)
      begin(() => {
        waiting.delete(leave)
        resolve()
      })
      if (isHopeless) leave()
      return promise
    },

    /** There is somebody who settles what comes. */
    encourage(): void {
      isHopeless = false
    },

    /** From now on there is nobody any more. */
    sendAway(): void {
      isHopeless = true
      for (const leave of waiting) leave()
      waiting.clear()
    },
  }
}
