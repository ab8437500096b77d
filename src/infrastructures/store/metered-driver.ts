import { DomainError } from '../../domains/errors/domain-error.ts'
import { aroundDriver } from './around-driver.ts'
import type { StoreDriver } from './driver.ts'
import { TransientConflict } from './store-errors.ts'

/** Makes the observer of a statement that ends in this way, once. */
type ObserverOf = (statement: string, outcome: string) => (milliseconds: number) => void

/** Measures all that callers wait for: by what was done to which table, and whether the database did it. */
export const meteredDriver = (driver: StoreDriver, observerOf: ObserverOf): StoreDriver =>
  aroundDriver(driver, ({ operation, target }, call) => {
    const statement = target === '' ? operation : `${operation} ${target}`
    const done = observerOf(statement, 'done')
    const refused = observerOf(statement, 'refused')
    const failed = observerOf(statement, 'failed')

    // Beside the result, not between it and its caller: nobody waits for the measurement.
    return (...args) => {
      const startedAt = performance.now()
      const result = call(...args)
      result.then(
        () => done(performance.now() - startedAt),
        (error) => (isRefusal(error) ? refused : failed)(performance.now() - startedAt),
      )
      return result
    }
  })

/** A rule of the data stood in the way, or another transaction: the database works. */
const isRefusal = (error: unknown): boolean =>
  error instanceof TransientConflict || (error instanceof DomainError && error.kind !== 'unavailable')
