import { createHash } from 'node:crypto'
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

/** The request as one that may come again, if it has a key; `asked` is everything that tells it apart from others. */
export function repeatableOf({ headers }: FastifyRequest, asked: readonly string[]): Repeatable | null {
  const key = headers['idempotency-key']
  if (typeof key !== 'string') return null
  return { key, fingerprint: createHash('sha256').update(JSON.stringify(asked)).digest('hex') }
}

/** Tells the caller whether the answer was given before. */
export function markReplay(reply: FastifyReply, isReplay: boolean): void {
  if (isReplay) reply.header('idempotency-replayed', 'true')
}
