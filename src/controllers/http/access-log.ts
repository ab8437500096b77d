import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** What is known of a request once it is answered. Nothing of its body, its query or its token. */
export type RequestRecord = Readonly<{
  id: string
  method: string
  route: string
  status: number
  milliseconds: number
  userId: string | null
  /** The address of the client: personal data. */
  clientAddress: string | null
  failure: unknown
}>

export type AccessLog = (record: RequestRecord) => void

/** Tells of each request once, after its answer. */
export function keepAccessLog(http: FastifyInstance, write: AccessLog): void {
  http.addHook('onResponse', async (request, reply) => write(recordOf(request, reply)))
}

export const recordOf = (request: FastifyRequest, reply: FastifyReply): RequestRecord => ({
  id: request.id,
  method: request.method,
  route: request.routeOptions.url ?? 'unknown',
  status: reply.statusCode,
  milliseconds: reply.elapsedTime,
  userId: request.actor?.userId ?? null,
  clientAddress: request.client.address,
  failure: request.failure,
})
