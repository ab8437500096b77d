import { DomainError } from './domain-error.ts'

/** A dependency of the service (a database, an identity provider) does not answer. Nothing was committed. */
export class DependencyUnavailable extends DomainError {
  readonly kind = 'unavailable'
  readonly code = 'dependency-unavailable'

  constructor(dependency: string, options?: ErrorOptions, advice = NOTHING_KEPT) {
    super(`The ${dependency} does not answer. ${advice}`, options)
  }
}

const NOTHING_KEPT = 'Nothing was kept: try again later.'

/** The connection broke during a commit: it is unknown whether the change was committed. */
export class OutcomeUnknown extends DependencyUnavailable {
  constructor(dependency: string, options?: ErrorOptions) {
    super(dependency, options, UNKNOWN)
  }
}

const UNKNOWN =
  'It is unknown whether the change was kept: repeat the request with the same Idempotency-Key, or read before you try again.'
