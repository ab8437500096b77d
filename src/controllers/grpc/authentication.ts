import type { Metadata } from '@grpc/grpc-js'
import type { Actor } from '../../domains/entities/actor.ts'
import type { IdentityProvider } from '../../domains/ports/identity-provider.ts'
import { bearerToken } from '../api/bearer-token.ts'
import type { RateLimiter } from '../api/rate-limiter.ts'
import type { CallState } from './call-record.ts'
import { CallError } from './errors.ts'

export type Authentication = (metadata: Metadata, state: CallState) => Promise<Actor>

/**
 * Who is calling, by the `authorization` in the metadata. Failed attempts count against the address that they come from,
 * everything else against its subject, in the same windows as over REST.
 */
export const authentication =
  (identity: IdentityProvider, limiter: RateLimiter): Authentication =>
  async (metadata, state) => {
    const count = async (caller: string): Promise<void> => {
      const allowance = await limiter(caller)
      if (allowance === null) return
      const { isExceeded, retryAfterSeconds, headers } = allowance
      state.headers = headers
      if (isExceeded) throw new CallError('rate-limited', { retryAfterSeconds })
    }

    try {
      const [authorization, ...more] = metadata.get('authorization').map(String)
      state.actor = await identity.authenticate(bearerToken(authorization, () => more.length > 0))
    } catch (error) {
      await count(state.clientAddress ?? 'unknown')
      throw error
    }
    await count(state.actor.userId)
    return state.actor
  }
