import type { FastifyReply, FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import type { Actor } from '../../domains/entities/actor.ts'
import type { IdentityProvider } from '../../domains/ports/identity-provider.ts'
import { bearerToken } from '../api/bearer-token.ts'
import type { RateLimiter } from '../api/rate-limiter.ts'
import { HttpError } from './http-error.ts'
import { isDuplicated } from './request-guards.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller, once authenticated. */
    actor: Actor | null
  }
}

/**
 * Requires a valid token. Failed attempts count against the client address, other requests against the user: an attacker
 * cannot guess for ever, and users behind the same proxy are not limited by that.
 */
export const authentication =
  (identity: IdentityProvider, limit: RequestLimiter): onRequestAsyncHookHandler =>
  async (request, reply) => {
    try {
      const isTwice = () => isDuplicated('authorization', request.raw)
      request.actor = await identity.authenticate(bearerToken(request.headers.authorization, isTwice))
    } catch (error) {
      await limit(request.client.address ?? 'unknown', reply)
      throw error
    }
    await limit(request.actor.userId, reply)
  }

/** The authenticated caller. Only routes behind authentication may use it. */
export function currentActor({ actor }: FastifyRequest): Actor {
  if (actor === null) throw new Error('This route was reached without authentication.')
  return actor
}

/** Counts one request, and sets the headers of the rate limit. @throws {HttpError} when it exceeds the limit */
export type RequestLimiter = (caller: string, reply: FastifyReply) => Promise<void>

export const createRequestLimiter =
  (limiter: RateLimiter): RequestLimiter =>
  async (caller, reply) => {
    const allowance = await limiter(caller)
    if (allowance === null) return
    const { isExceeded, retryAfterSeconds, headers } = allowance
    if (isExceeded) {
      const more = { headers: { ...headers, 'retry-after': String(retryAfterSeconds) } }
      throw new HttpError('rate-limited', undefined, more)
    }
    reply.headers(headers)
  }
