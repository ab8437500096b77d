import { DomainError } from './domain-error.ts'

/** Also said of the notifications of others, which nobody may know of. */
export class NotificationNotFound extends DomainError {
  readonly kind = 'not-found'
  readonly code = 'not-found'

  constructor() {
    super('There is no such notification.')
  }
}
