import { NotFound } from './domain-error.ts'

export class UserNotFound extends NotFound {
  constructor() {
    super('user')
  }
}
