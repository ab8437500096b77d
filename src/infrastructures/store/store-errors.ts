import { DependencyUnavailable } from '../../domains/errors/dependency-errors.ts'

/** The engine gave way to another transaction and kept nothing: running the unit of work again may succeed. */
export class TransientConflict extends DependencyUnavailable {
  constructor(options?: ErrorOptions) {
    super('database', options)
  }
}

/** The schema of the database is not the one that this code needs. `hint` tells the operator what helps. */
export class SchemaMismatch extends Error {
  readonly hint: string

  constructor(message: string, hint: string) {
    super(message)
    this.hint = hint
  }
}

/**
 * The database cannot be used as it is set up, however long one waits. The message names the setting, the place and the
 * cause. The setting is wrong (78), unless a disk may be to blame (1).
 */
export class StoreSetupError extends Error {
  readonly exitCode: 78 | 1

  constructor(message: string, exitCode: 78 | 1 = 78) {
    super(message)
    this.exitCode = exitCode
  }
}
