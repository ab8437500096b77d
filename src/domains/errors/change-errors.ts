import { DomainError } from './domain-error.ts'

/** The caller's precondition names a version that is no longer the current one. */
export class StaleVersion extends DomainError {
  readonly kind = 'stale'
  readonly code = 'stale-version'

  constructor() {
    super('It was changed in the meantime: read it again.')
  }
}

/** Another unit of work changed the same thing first. A store runs the work again before it throws this. */
export class Conflict extends DomainError {
  readonly kind = 'conflict'
  readonly code = 'conflict'

  constructor(options?: ErrorOptions) {
    super('Others keep changing the same thing: try again.', options)
  }
}
