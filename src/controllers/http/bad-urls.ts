import type { FastifyReply, FastifyRequest } from 'fastify'
import { type AccessLog, accessLogEntry } from './access-log.ts'
import type { ClientReader } from './client/client.ts'
import { errorHandler } from './errors.ts'
import { setSecurityHeaders } from './request-guards.ts'

/** Answers a path that the router cannot read: no hook runs for it, so what they do for all others is done here. */
export const badUrlHandler =
  (write: AccessLog, clientOf: ClientReader) =>
  (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    Object.assign(request, { client: clientOf(request.raw), span: null })
    reply.raw.once('finish', () => write(accessLogEntry(request, reply)))
    setSecurityHeaders(request, reply)
    errorHandler(error, request, reply)
  }
