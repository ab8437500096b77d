import { DomainError } from '../../../src/domains/errors/domain-error.ts'

abstract class NotFound extends DomainError {
  readonly kind = 'not-found'
}

export class MemberNotFound extends NotFound {
  readonly code = 'member-not-found'
}

export class BookNotFound extends NotFound {
  readonly code = 'book-not-found'
}

export class ReviewNotFound extends NotFound {
  readonly code = 'review-not-found'
}

export class LoanNotFound extends NotFound {
  readonly code = 'loan-not-found'
}

/** Who is not active owns nothing new. */
export class MemberInactive extends DomainError {
  readonly kind = 'forbidden'
  readonly code = 'member-inactive'
}
