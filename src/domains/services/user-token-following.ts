import type { Actor } from '../entities/actor.ts'
import type { User } from '../entities/user.ts'
import { Mirror } from '../entities/user-mirror.ts'
import type { Store } from '../ports/store.ts'
import { trustToken } from '../usecases/users/trust-token.ts'

/** Accounts follow their users' tokens: one write where a token is news, none otherwise. What the user asked for never fails by it. */
export function createTokenFollowing({ store, now }: Readonly<{ store: Store; now: () => Date }>) {
  const compared = new WeakSet<Actor>()

  /** The account after it followed the token. */
  async function follow(user: User, actor: Actor): Promise<User> {
    if (Mirror.trust(user, actor, user.updatedAt) === null) return user
    return store.transact((uow) => trustToken(uow, { actor, at: now() })).catch(() => user)
  }

  return {
    follow,

    /** For work that reads no account: there that of each token is read once, beside the work, as tokens are known for a minute. */
    async followBeside<Result>(actor: Actor, work: Promise<Result>): Promise<Result> {
      if (actor.vouched === undefined || compared.has(actor)) return work
      compared.add(actor)
      const [result, user] = await Promise.all([work, store.users.find(actor.userId).catch(() => null)])
      if (user?.isActive) await follow(user, actor)
      return result
    },
  }
}
