import type { onRequestAsyncHookHandler } from 'fastify'
import type { IdentityProvider } from '../../domains/ports/identity-provider.ts'
import { bearerToken } from '../api/bearer-token.ts'
import { isDuplicated } from './duplicate-headers.ts'
import type { RequestLimiter } from './request-limiter.ts'

/**
 * Lets nobody pass without a valid token. Failed attempts count against the address that they come from, everything
 * else against its subject: a stranger cannot guess for ever, and those behind the same proxy do not pay for it.
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
