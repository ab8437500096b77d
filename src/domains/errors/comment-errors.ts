import { DomainError } from './domain-error.ts'

export class CommentNotFound extends DomainError {
  readonly kind = 'not-found'
  readonly code = 'comment-not-found'

  constructor() {
    super('There is no such comment.')
  }
}
