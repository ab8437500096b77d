import type { FastifyRequest } from 'fastify'
import type { Actor } from '../../domains/entities/actor.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is calling, once authenticated. */
    actor: Actor | null
    /** The cause of a failed request, for the log. */
    failure: unknown
  }
}

/** Who is calling. Only routes behind authentication may ask. */
export function currentActor({ actor }: FastifyRequest): Actor {
  if (actor === null) throw new Error('This route was reached without authentication.')
  return actor
}
