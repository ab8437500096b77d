import type { DomainError, ErrorKind } from '../../domains/errors/domain-error.ts'
import { CODES, type ProblemCode, type ProblemSummary, problemSummary } from './problem.ts'

/** The one place where a domain error becomes an answer. A new kind does not compile until it has one. */
const CODE_BY_KIND = {
  invalid: 'validation-failed',
  unauthenticated: 'invalid-token',
  forbidden: 'forbidden',
  'not-found': 'not-found',
  conflict: 'conflict',
  stale: 'stale-version',
  unavailable: 'dependency-unavailable',
} as const satisfies Record<ErrorKind, ProblemCode>

/** An error that brings a title describes itself; the status is that of its kind. */
export function fromDomainError({ kind, code, title }: DomainError): ProblemSummary {
  const general = problemSummary(code in CODES ? (code as ProblemCode) : CODE_BY_KIND[kind])
  return title === null ? general : { code, status: general.status, title }
}
