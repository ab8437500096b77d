import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { IdempotentRequest } from '../../../domains/services/idempotency.ts'
import { fingerprintOf, KEY } from '../../api/idempotency.ts'
import type { ProblemCode } from '../problem.ts'

/** Node.js puts a comma and a space between several, which no key has. */
export const IdempotencyKey = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: KEY,
      description:
        '1 to 255 visible ASCII characters. For a day, your same request with the same key gets the first response again',
    }),
  ),
})

/** How a route with a key may refuse. */
export const IDEMPOTENCY_ERRORS: readonly ProblemCode[] = ['idempotency-key-in-use', 'idempotency-key-reused']

type KeyedSchema = Readonly<{
  operationId: string
  body: { properties: Readonly<Record<string, { format?: string } | undefined>> }
}>

/** The request as one that may come again, if it has a key. */
export function parseIdempotencyKey({ headers, body, routeOptions }: FastifyRequest): IdempotentRequest | null {
  const key = headers['idempotency-key']
  if (typeof key !== 'string') return null
  const { operationId, body: schema } = routeOptions.schema as KeyedSchema
  const isId = (field: string) => schema.properties[field]?.format === 'uuid'
  return { key, fingerprint: fingerprintOf(operationId, body as object, isId) }
}

/** Tells the caller whether the response is a replay. */
export function setReplayedHeader(reply: FastifyReply, isReplay: boolean): void {
  if (isReplay) reply.header('idempotency-replayed', 'true')
}
