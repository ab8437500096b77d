import type { FastifyReply, FastifyRequest } from 'fastify'
import { DomainError, type ErrorKind } from '../../domains/errors/domain-error.ts'
import { InvalidInput } from '../../domains/errors/input-errors.ts'
import { publicPathOf } from './client/identify-clients.ts'
import { foreignRefusal } from './foreign-errors.ts'
import { HttpError } from './http-error.ts'
import { CODES, PROBLEM_TYPE, type ProblemCode, problem } from './problem.ts'

/** The one place where a domain error becomes an answer. A new kind does not compile until it has one. */
const OF_KIND = {
  invalid: 'validation-failed',
  unauthenticated: 'invalid-token',
  forbidden: 'forbidden',
  'not-found': 'not-found',
  conflict: 'conflict',
  stale: 'stale-version',
  unavailable: 'dependency-unavailable',
} as const satisfies Record<ErrorKind, ProblemCode>

/** What may not stand in an `error_description` (RFC 6750, section 3). */
const UNQUOTABLE = /[^ !#-[\]-~]/g

const CHALLENGES: Partial<Record<ProblemCode, (reason: string) => string>> = {
  'authentication-required': () => 'Bearer',
  'invalid-token': (reason) => `Bearer error="invalid_token", error_description="${reason.replace(UNQUOTABLE, '?')}"`,
}

/** Answers every failure with a problem document; of our own failures the outside learns nothing but their kind. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = refusalOf(error)
  const [status] = CODES[refusal.code]
  request.failure = status >= 500 || status === 401 ? error : null

  reply.code(status).headers(refusal.headers).type(PROBLEM_TYPE)
  const challenge = CHALLENGES[refusal.code]
  if (challenge !== undefined) reply.header('www-authenticate', challenge(refusal.message))
  if (status === 503 || status === 409) reply.header('retry-after', '2')
  if (status === 413 || status === 408) reply.header('connection', 'close')

  return reply.send(
    problem(refusal.code, {
      instance: publicPathOf(request),
      requestId: request.id,
      ...(refusal.message === '' ? {} : { detail: refusal.message }),
      ...(refusal.errors === undefined ? {} : { errors: refusal.errors }),
    }),
  )
}

function refusalOf(error: unknown): HttpError {
  if (error instanceof HttpError) return error
  if (error instanceof InvalidInput) {
    return new HttpError('validation-failed', '', { errors: [{ pointer: `/${error.field}`, message: error.message }] })
  }
  if (error instanceof DomainError) return ofDomain(error)
  return foreignRefusal(error) ?? new HttpError('internal')
}

function ofDomain({ kind, code, message }: DomainError): HttpError {
  return new HttpError(code in CODES ? (code as ProblemCode) : OF_KIND[kind], message)
}
