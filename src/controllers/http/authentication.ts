import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify'
import type { IdentityProvider } from '../../domains/ports/identity-provider.ts'
import { HttpError } from './http-error.ts'
import type { RequestLimiter } from './request-limiter.ts'

const BEARER = /^Bearer +([\w.~+/=-]+) *$/i

/**
 * Lets nobody pass without a valid token. Failed attempts count against the address that they come from, everything
 * else against its subject, so a stranger can neither guess for ever nor use up what is someone else's.
 */
export const authentication =
  (identity: IdentityProvider, limiter: RequestLimiter): onRequestAsyncHookHandler =>
  async (request, reply) => {
    limiter.mustAllow(request.ip)
    try {
      request.actor = await identity.authenticate(bearerToken(request))
    } catch (error) {
      limiter.count(request.ip, reply)
      throw error
    }
    limiter.count(request.actor.userId, reply)
  }

function bearerToken({ headers, raw }: FastifyRequest): string {
  const { authorization } = headers
  if (authorization === undefined) throw new HttpError('authentication-required')
  const token = BEARER.exec(authorization)?.[1]
  if (token === undefined || hasSeveral('authorization', raw.rawHeaders)) throw new HttpError('invalid-token')
  return token
}

/** Node keeps the first of several; who sends more than one may have a proxy believe in another. */
function hasSeveral(name: string, rawHeaders: readonly string[]): boolean {
  let found = 0
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i]?.toLowerCase() === name) found++
  return found > 1
}
