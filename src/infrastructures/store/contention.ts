import { DependencyUnavailable } from '../../domains/errors/dependency-errors.ts'

/** The engine gave way to another transaction and kept nothing: running the unit of work again may succeed. */
export class Contention extends DependencyUnavailable {
  constructor(options?: ErrorOptions) {
    super('database', options)
  }
}
