import { NotFound } from './domain-error.ts'

export class CommentNotFound extends NotFound {
  constructor() {
    super('comment')
  }
}
