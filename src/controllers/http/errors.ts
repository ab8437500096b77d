import type { FastifyReply, FastifyRequest } from 'fastify'
import { DomainError } from '../../domains/errors/domain-error.ts'
import { InvalidInput } from '../../domains/errors/input-errors.ts'
import { publicPathOf } from './client/client.ts'
import { fromDomainError } from './domain-errors.ts'
import { fromFrameworkError } from './framework-errors.ts'
import { HttpError } from './http-error.ts'
import { PROBLEM_TYPE, problem } from './problem.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The cause of a failed request, for the log. */
    failure: unknown
  }
}

/** What may not stand in an `error_description` (RFC 6750, section 3). */
const UNQUOTABLE = /[^ !#-[\]-~]/g

const CHALLENGES: Readonly<Record<string, ((reason: string) => string) | undefined>> = {
  'authentication-required': () => 'Bearer',
  'webhook-signature-invalid': () => 'Signature header="X-Keycloak-Signature", algorithm="HmacSHA256"',
  'invalid-token': (reason) => `Bearer error="invalid_token", error_description="${reason.replace(UNQUOTABLE, '?')}"`,
}

/** Answers every failure with a problem document. That of an internal failure has its code only: the cause is for the log. */
export function errorHandler(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { summary, message, headers, errors } = toHttpError(error)
  const { status } = summary
  request.failure = status >= 500 || status === 401 ? error : null

  reply.code(status).headers(headers).type(PROBLEM_TYPE)
  const challenge = CHALLENGES[summary.code]
  if (challenge !== undefined) reply.header('www-authenticate', challenge(message))
  if (status === 503 || status === 409) reply.header('retry-after', '2')
  if (status === 413 || status === 408) reply.header('connection', 'close')

  return reply.send(
    problem(summary, {
      instance: publicPathOf(request),
      requestId: request.id,
      ...(request.span === null ? {} : { traceId: request.span.traceId }),
      ...(message === '' ? {} : { detail: message }),
      ...(errors === undefined ? {} : { errors }),
    }),
  )
}

function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error
  if (error instanceof InvalidInput) {
    return new HttpError('validation-failed', '', { errors: [{ pointer: `/${error.field}`, message: error.message }] })
  }
  if (error instanceof DomainError) return new HttpError(fromDomainError(error), error.message)
  return fromFrameworkError(error) ?? new HttpError('internal')
}
