/** What went wrong, in terms that every transport can translate. */
export type ErrorKind = 'invalid' | 'unauthenticated' | 'forbidden' | 'not-found' | 'conflict' | 'stale' | 'unavailable'

/** A failure that the outside may be told of. `code` is part of the contract with clients and never changes. */
export abstract class DomainError extends Error {
  abstract readonly kind: ErrorKind
  abstract readonly code: string
}
