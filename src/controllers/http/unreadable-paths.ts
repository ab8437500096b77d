import type { FastifyReply, FastifyRequest } from 'fastify'
import { type AccessLog, recordOf } from './access-log.ts'
import type { ClientReader } from './client/client.ts'
import { greet } from './doorkeeping.ts'
import { answerError } from './errors.ts'

/** Answers a path that the router cannot read: no hook runs for it, so what they do for all others is done here. */
export const unreadablePaths =
  (write: AccessLog, clientOf: ClientReader) =>
  (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    Object.assign(request, { client: clientOf(request.raw) })
    reply.raw.once('finish', () => write(recordOf(request, reply)))
    greet(request, reply)
    answerError(error, request, reply)
  }
