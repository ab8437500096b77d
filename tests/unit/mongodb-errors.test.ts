import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { MongoServerError } from 'mongodb'
import { DependencyUnavailable, OutcomeUnknown } from '../../src/domains/errors/dependency-errors.ts'
import { translateCommitError, translateError } from '../../src/infrastructures/store/mongodb/errors.ts'

describe('a transaction of MongoDB whose session was killed', () => {
  const interrupted = new MongoServerError({ code: 11_601, message: 'operation was interrupted' })

  it('has kept nothing before its commit', () => {
    assert.ok(translateError(interrupted) instanceof DependencyUnavailable)
  })

  it('may have kept everything at its commit', () => {
    assert.ok(translateCommitError(interrupted) instanceof OutcomeUnknown)
  })
})

describe('a commit of which the server knows no transaction', () => {
  const forgotten = new MongoServerError({ code: 251, message: 'no such transaction' })
  forgotten.addErrorLabel('TransientTransactionError')

  it('may have been kept before a restart, whatever its label says', () => {
    assert.ok(translateCommitError(forgotten) instanceof OutcomeUnknown)
  })
})
