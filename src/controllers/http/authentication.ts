import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import type { IdentityProvider } from '../../domains/ports/identity-provider.ts'
import { HttpError } from './http-error.ts'
import { isRepeated } from './repeated-headers.ts'
import type { RequestLimiter } from './request-limiter.ts'

const BEARER = /^Bearer +/i

/**
 * Lets nobody pass without a valid token. Failed attempts count against the address that they come from, everything
 * else against its subject: a stranger cannot guess for ever, and those behind the same proxy do not pay for it.
 */
export const authentication =
  (identity: IdentityProvider, limit: RequestLimiter | null): onRequestAsyncHookHandler =>
  async (request, reply) => {
    try {
      request.actor = await identity.authenticate(bearerToken(request))
    } catch (error) {
      if (limit !== null) await limit(request.client.address ?? 'unknown', reply)
      throw error
    }
    if (limit !== null) await limit(request.actor.userId, reply)
  }

function bearerToken({ headers, raw }: FastifyRequest): string {
  const { authorization } = headers
  if (authorization === undefined) throw new HttpError('authentication-required')
  const [scheme] = BEARER.exec(authorization) ?? []
  if (scheme === undefined)
    throw new HttpError('invalid-token', 'The Authorization header is not a Bearer and a token.')
  if (isRepeated('authorization', raw))
    throw new HttpError('invalid-token', 'There is more than one Authorization header.')
  return authorization.slice(scheme.length)
}
