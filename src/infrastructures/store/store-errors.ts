import { DependencyUnavailable } from '../../domains/errors/dependency-errors.ts'

/** The engine aborted a transaction for another one, and committed nothing of it: a retry may succeed. */
export class TransientConflict extends DependencyUnavailable {
  constructor(options?: ErrorOptions) {
    super('database', options)
  }
}

/** The schema of the database is not the one that this code needs. `hint` tells the operator what to do. */
export class SchemaMismatch extends Error {
  readonly hint: string

  constructor(message: string, hint: string) {
    super(message)
    this.hint = hint
  }
}

/**
 * The database cannot be used as it is configured; waiting does not help. The message names the setting, the place and the
 * cause. The setting is wrong (78), unless a disk may be to blame (1).
 */
export class StoreSetupError extends Error {
  readonly exitCode: 78 | 1

  constructor(message: string, exitCode: 78 | 1 = 78) {
    super(message)
    this.exitCode = exitCode
  }
}
