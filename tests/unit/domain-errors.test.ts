import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fromDomainError } from '../../src/controllers/http/domain-errors.ts'
import { DomainError, NotFound } from '../../src/domains/errors/domain-error.ts'

/** What a module may add, of which no table here knows. */
class BookNotFound extends NotFound {
  constructor() {
    super('book')
  }
}

class BookLent extends DomainError {
  readonly kind = 'conflict'
  readonly code = 'book-lent'
  override readonly title = 'The book is lent'
}

class Nothing extends DomainError {
  readonly kind = 'not-found'
  readonly code = 'not-found'
}

class Untitled extends DomainError {
  readonly kind = 'stale'
  readonly code = 'untitled'
}

describe('a domain error', () => {
  it('that brings a title is refused by its own code, with the status of its kind', () => {
    const errorResponses = [new BookNotFound(), new BookLent()].map(fromDomainError)

    assert.deepEqual(errorResponses, [
      { code: 'book-not-found', status: 404, title: 'The book does not exist' },
      { code: 'book-lent', status: 409, title: 'The book is lent' },
    ])
  })

  it('without one has the words of its code, or else those of its kind', () => {
    const errorResponses = [new Nothing(), new Untitled()].map(fromDomainError)

    assert.deepEqual(errorResponses, [
      { code: 'not-found', status: 404, title: 'There is nothing here' },
      { code: 'stale-version', status: 412, title: 'The version is not the current one' },
    ])
  })
})
