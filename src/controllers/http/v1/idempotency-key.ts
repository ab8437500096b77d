import { hash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Repeatable } from '../../../domains/services/repeatable.ts'
import type { ProblemCode } from '../problem.ts'

/** Node.js puts a comma and a space between several, which no key has. */
export const IdempotencyKey = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: '^[!-~]{1,255}$',
      description:
        '1 to 255 visible ASCII characters, yours alone: the same request with the same key gets the first answer again, for a day',
    }),
  ),
})

/** How a route with a key may refuse. */
export const KEYED: readonly ProblemCode[] = ['idempotency-key-in-use', 'idempotency-key-reused']

type Keyed = Readonly<{
  operationId: string
  body: { properties: Readonly<Record<string, { format?: string } | undefined>> }
}>

/**
 * The request as one that may come again, if it has a key. What tells it apart from others is the operation and the whole
 * body, in whatever order its fields and in whatever letter case its ids were written.
 */
export function repeatableOf({ headers, body, routeOptions }: FastifyRequest): Repeatable | null {
  const key = headers['idempotency-key']
  if (typeof key !== 'string') return null
  const { operationId, body: schema } = routeOptions.schema as Keyed
  const asked = Object.entries(body as object).map(([name, value]) => {
    const isId = schema.properties[name]?.format === 'uuid'
    return [name, isId ? value.toLowerCase() : value]
  })
  return { key, fingerprint: hash('sha256', JSON.stringify([operationId, Object.fromEntries(asked)], sorted)) }
}

/** The same value, with the fields of each object in the order of their names. */
const sorted = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value

/** Tells the caller whether the answer was given before. */
export function markReplay(reply: FastifyReply, isReplay: boolean): void {
  if (isReplay) reply.header('idempotency-replayed', 'true')
}
