import { DomainError } from '../../domains/errors/domain-error.ts'
import { aroundDriver } from './around-driver.ts'
import type { StoreDriver } from './driver.ts'
import { TransientConflict } from './store-errors.ts'

type Observe = (milliseconds: number, statement: string, outcome: string) => void

/** Measures all that callers wait for: by what was done to which table, and whether the database did it. */
export const meteredDriver = (driver: StoreDriver, observe: Observe): StoreDriver =>
  aroundDriver(driver, ({ operation, target }, call) => {
    const statement = target === '' ? operation : `${operation} ${target}`

    return async (...args) => {
      const startedAt = performance.now()
      let outcome = 'done'
      try {
        return await call(...args)
      } catch (error) {
        outcome = isRefusal(error) ? 'refused' : 'failed'
        throw error
      } finally {
        observe(performance.now() - startedAt, statement, outcome)
      }
    }
  })

/** A rule of the data stood in the way, or another transaction: the database works. */
const isRefusal = (error: unknown): boolean =>
  error instanceof TransientConflict || (error instanceof DomainError && error.kind !== 'unavailable')
