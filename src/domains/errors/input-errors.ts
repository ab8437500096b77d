import { DomainError } from './domain-error.ts'

/** A value from outside breaks a rule. `field` is the path of the value in the input, such as `text`. */
export class InvalidInput extends DomainError {
  readonly kind = 'invalid'
  readonly code = 'validation-failed'
  readonly field: string

  constructor(field: string, message: string) {
    super(message)
    this.field = field
  }
}

/** The position where a page should start is not one of this list. */
export class InvalidCursor extends DomainError {
  readonly kind = 'invalid'
  readonly code = 'invalid-cursor'

  constructor() {
    super('The cursor was altered or belongs to another list.')
  }
}
