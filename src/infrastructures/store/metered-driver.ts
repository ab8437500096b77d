import { DomainError } from '../../domains/errors/domain-error.ts'
import { aroundDriver } from './around-driver.ts'
import type { StoreDriver } from './driver.ts'
import { TransientConflict } from './store-errors.ts'

/** Makes the observer of a statement that ends in this way, once. */
type ObserverOf = (statement: string, outcome: string) => (milliseconds: number) => void

/** Measures each call of the driver that callers wait for, by operation, table and outcome. */
export const meteredDriver = (driver: StoreDriver, observerOf: ObserverOf): StoreDriver =>
  aroundDriver(driver, ({ operation, target }, call) => {
    const statement = target === '' ? operation : `${operation} ${target}`
    const done = observerOf(statement, 'done')
    const refused = observerOf(statement, 'refused')
    const failed = observerOf(statement, 'failed')

    // Not in the promise chain of the caller, which does not wait for the measurement.
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

/** Refused for a constraint or a conflict: the database works. */
const isRefusal = (error: unknown): boolean =>
  error instanceof TransientConflict || (error instanceof DomainError && error.kind !== 'unavailable')
