import { DomainError } from './domain-error.ts'

export class PostNotFound extends DomainError {
  readonly kind = 'not-found'
  readonly code = 'post-not-found'

  constructor() {
    super('There is no such post.')
  }
}
