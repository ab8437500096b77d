import { DomainError } from './domain-error.ts'

export class UserNotFound extends DomainError {
  readonly kind = 'not-found'
  readonly code = 'user-not-found'

  constructor() {
    super('There is no such user.')
  }
}
