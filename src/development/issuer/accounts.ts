import { LRUCache } from 'lru-cache'
import type { Configuration } from 'oidc-provider'
import type { AccountClaims } from './account-claims.ts'

export type Accounts = ReturnType<typeof createAccounts>

const MAX_ACCOUNTS = 1_000

/** The accounts that signed in last, for the claims of their tokens. */
export function createAccounts() {
  const accounts = new LRUCache<string, AccountClaims>({ max: MAX_ACCOUNTS })

  return {
    signIn(identity: AccountClaims): void {
      accounts.set(identity.sub, identity)
    },

    configuration: {
      claims: { profile: ['preferred_username', 'name'], email: ['email'] },

      findAccount(_ctx, sub) {
        const identity = accounts.get(sub)
        return identity && { accountId: sub, claims: () => ({ ...identity }) }
      },

      extraTokenClaims(_ctx, token) {
        const { sub: _, ...claims } = ('accountId' in token && accounts.get(token.accountId)) || {}
        return claims
      },
    } satisfies Configuration,
  }
}
