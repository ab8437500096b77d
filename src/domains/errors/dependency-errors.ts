import { DomainError } from './domain-error.ts'

/** Something that the service stands on (a database, an identity provider) does not answer. Nothing was kept. */
export class DependencyUnavailable extends DomainError {
  readonly kind = 'unavailable'
  readonly code = 'dependency-unavailable'

  constructor(dependency: string, options?: ErrorOptions) {
    super(`The ${dependency} does not answer: try again later.`, options)
  }
}

/** The connection broke while the store was keeping a change: it is unknown whether it was kept. */
export class OutcomeUnknown extends DependencyUnavailable {}
