import type { Actor } from '../entities/actor.ts'
import type { User } from '../entities/user.ts'
import { Mirror } from '../entities/user-mirror.ts'
import type { Store } from '../ports/store.ts'
import { trustToken } from '../usecases/users/trust-token.ts'

/** Updates accounts from their users' tokens: one write if a token is newer, else none. The request never fails by it. */
export function createTokenFollowing({ store, now }: Readonly<{ store: Store; now: () => Date }>) {
  const compared = new WeakSet<Actor>()

  /** The account, updated from the token. */
  async function follow(user: User, actor: Actor): Promise<User> {
    if (Mirror.trust(user, actor, user.updatedAt) === null) return user
    return store.transact((uow) => trustToken(uow, { actor, at: now() })).catch(() => user)
  }

  return {
    follow,

    /** For work that reads no account: it reads the account once per cached token, so once a minute, beside the work. */
    async followBeside<Result>(actor: Actor, work: Promise<Result>): Promise<Result> {
      if (actor.vouched === undefined || compared.has(actor)) return work
      compared.add(actor)
      const [result, user] = await Promise.all([work, store.users.find(actor.userId).catch(() => null)])
      if (user?.isActive) await follow(user, actor)
      return result
    },
  }
}
