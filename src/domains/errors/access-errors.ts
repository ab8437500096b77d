import { DomainError } from './domain-error.ts'

/** The caller sends no credentials. */
export class AuthenticationRequired extends DomainError {
  readonly kind = 'unauthenticated'
  readonly code = 'authentication-required'

  constructor() {
    super('Authentication is required.')
  }
}

/**
 * The token is no valid access token for this service. The message tells the caller why, without any part of
 * the token; the cause is only for the log.
 */
export class InvalidToken extends DomainError {
  readonly kind = 'unauthenticated'
  readonly code = 'invalid-token'
}

/** The account of the caller is deactivated or removed. */
export class AccountDisabled extends DomainError {
  readonly kind = 'forbidden'
  readonly code = 'account-disabled'

  constructor() {
    super('This account may not use the forum.')
  }
}

/** The caller is known, but may not do this. */
export class Forbidden extends DomainError {
  readonly kind = 'forbidden'
  readonly code = 'forbidden'
}
