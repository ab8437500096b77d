import { DomainError } from './domain-error.ts'

/** The consumer has handled this message before, or a newer one about the same subject: there is nothing left to do. */
export class DuplicateMessage extends DomainError {
  readonly kind = 'conflict'
  readonly code = 'conflict'

  constructor() {
    super('The message was handled before.')
  }
}

/** A request with the same key is running, or its process died so recently that it may be. */
export class IdempotencyKeyInUse extends DomainError {
  readonly kind = 'conflict'
  readonly code = 'idempotency-key-in-use'

  constructor() {
    super('A request with this Idempotency-Key is being answered: try again later.')
  }
}

/** The key belongs to another request. */
export class IdempotencyKeyReused extends DomainError {
  readonly kind = 'invalid'
  readonly code = 'idempotency-key-reused'

  constructor() {
    super('This Idempotency-Key was used with another request.')
  }
}
