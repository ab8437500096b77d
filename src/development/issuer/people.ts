import { LRUCache } from 'lru-cache'
import type { Configuration } from 'oidc-provider'
import type { Identity } from './identity.ts'

export type People = ReturnType<typeof createPeople>

const MAX_PEOPLE = 1_000

/** Who signed in last, so that the tokens can say it. */
export function createPeople() {
  const people = new LRUCache<string, Identity>({ max: MAX_PEOPLE })

  return {
    signIn(identity: Identity): void {
      people.set(identity.sub, identity)
    },

    configuration: {
      claims: { profile: ['preferred_username', 'name'], email: ['email'] },

      findAccount(_ctx, sub) {
        const identity = people.get(sub)
        return identity && { accountId: sub, claims: () => ({ ...identity }) }
      },

      extraTokenClaims(_ctx, token) {
        const { sub: _, ...claims } = ('accountId' in token && people.get(token.accountId)) || {}
        return claims
      },
    } satisfies Configuration,
  }
}
