import { NotFound } from './domain-error.ts'

export class PostNotFound extends NotFound {
  constructor() {
    super('post')
  }
}
