/** What went wrong, in terms that every transport can translate. */
export type ErrorKind = 'invalid' | 'unauthenticated' | 'forbidden' | 'not-found' | 'conflict' | 'stale' | 'unavailable'

/** A failure that clients may see. `code` is part of the contract with clients and never changes. */
export abstract class DomainError extends Error {
  abstract readonly kind: ErrorKind
  abstract readonly code: string
  /** A short title; the message has the details. Null if every transport has its own title for the code. */
  readonly title: string | null = null
}

/** There is no such thing. */
export abstract class NotFound extends DomainError {
  readonly kind = 'not-found'
  readonly code: string
  override readonly title: string

  constructor(type: string) {
    super(`There is no such ${type}.`)
    this.code = `${type}-not-found`
    this.title = `The ${type} does not exist`
  }
}
