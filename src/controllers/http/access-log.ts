import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { parseTraceparent } from '../../patterns/tracing.ts'

/** The access log entry of a request. Without its body and its token. */
export type AccessLogEntry = Readonly<{
  id: string
  /** The trace that it is part of, by its span or by what its caller says. */
  traceId: string | null
  spanId: string | null
  method: string
  route: string
  /** As it was sent, with its query: only for the terminal of a developer. */
  url: string
  status: number
  milliseconds: number
  userId: string | null
  username: string | null
  /** The address of the client: personal data. */
  clientAddress: string | null
  failure: unknown
}>

export type AccessLog = (record: AccessLogEntry) => void

/** Logs each request once, after its response. */
export function registerAccessLog(http: FastifyInstance, write: AccessLog): void {
  http.addHook('onResponse', async (request, reply) => write(accessLogEntry(request, reply)))
}

export const accessLogEntry = (request: FastifyRequest, reply: FastifyReply): AccessLogEntry => ({
  id: request.id,
  traceId: request.span?.traceId ?? parseTraceparent(request.headers['traceparent'])?.traceId ?? null,
  spanId: request.span?.spanId ?? null,
  method: request.method,
  route: request.routeOptions.url ?? 'unknown',
  url: request.raw.url ?? '',
  status: reply.statusCode,
  milliseconds: reply.elapsedTime,
  userId: request.actor?.userId ?? null,
  username: request.actor?.profile.username ?? null,
  clientAddress: request.client.address,
  failure: request.failure,
})
