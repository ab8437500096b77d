import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'

/** Those who wait until a message is settled. */
export function openWaiters() {
  const waiting = new Set<() => void>()

  return {
    /** Resolves when `begin` or what it begins calls `settle`. @throws {DependencyUnavailable} when sent away before */
    until(begin: (settle: () => void) => void): Promise<void> {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const leave = () => reject(new DependencyUnavailable('message queue'))
      promise.catch(() => {}) // Not everyone stays to hear it.
      waiting.add(leave)
      begin(() => {
        waiting.delete(leave)
        resolve()
      })
      return promise
    },

    /** Nobody is there to settle anything. */
    sendAway(): void {
      for (const leave of waiting) leave()
      waiting.clear()
    },
  }
}
