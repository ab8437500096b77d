import { DomainError } from './domain-error.ts'

/** Also for the notifications of other users, whose existence is private. */
export class NotificationNotFound extends DomainError {
  readonly kind = 'not-found'
  readonly code = 'not-found'

  constructor() {
    super('There is no such notification.')
  }
}
