import type { Metadata } from '@grpc/grpc-js'
import type { Actor } from '../../domains/entities/actor.ts'
import type { IdentityProvider } from '../../domains/ports/identity-provider.ts'
import { bearerToken } from '../api/bearer-token.ts'
import type { Allowance, RateLimiter } from '../api/rate-limiter.ts'
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
    try {
      const [authorization, ...more] = metadata.get('authorization').map(String)
      state.actor = await identity.authenticate(bearerToken(authorization, () => more.length > 0))
    } catch (error) {
      assertAllowed(await limiter(state.clientAddress ?? 'unknown'), state)
      throw error
    }
    assertAllowed(await limiter(state.actor.userId), state)
    return state.actor
  }

/** Shows the caller what remains of its limit. @throws {CallError} when nothing does */
function assertAllowed(allowance: Allowance | null, state: CallState): void {
  if (allowance === null) return
  const { isExceeded, retryAfterSeconds, headers } = allowance
  state.headers = headers
  if (isExceeded) throw new CallError('rate-limited', { retryAfterSeconds })
}
