import { inOrder } from '../../patterns/in-order.ts'
import type { Actor } from '../entities/actor.ts'
import { User } from '../entities/user.ts'
import { AccountDisabled } from '../errors/access-errors.ts'
import type { Store } from '../ports/store.ts'
import type { UnitOfWork } from '../ports/unit-of-work.ts'
import { registerUser } from '../usecases/users/register-user.ts'

export type Membership = ReturnType<typeof createMembership>

/**
 * Who may do anything at all: users whose account is active. People are registered at first sight.
 *
 * The account is looked up beside the work that it guards, so the check costs no round trip of its own;
 * when both fail, the caller hears of the account.
 */
export const createMembership = ({ store, now }: { store: Store; now: () => Date }) => {
  async function admit({ userId, profile }: Actor): Promise<User> {
    const known = await store.users.find(userId)
    const user = known ?? (await store.transact((uow) => registerUser(uow, { id: userId, profile, at: now() })))
    User.mustBeActive(user)
    return user
  }

  return {
    /** The actor's own account. @throws {AccountDisabled} */
    admit,

    /** Reads on behalf of an active user. @throws {AccountDisabled} */
    reading: <Result>(actor: Actor, work: () => Promise<Result>): Promise<Result> => inOrder(admit(actor), work()),

    /** Runs a unit of work on behalf of an active user; nothing is kept for others. @throws {AccountDisabled} */
    changing: <Result>(actor: Actor, work: (uow: UnitOfWork) => Promise<Result>): Promise<Result> =>
      store.transact((uow) => inOrder(admit(actor), work(uow))),

    /**
     * Runs a unit of work that adds something of the actor's own. The store refuses that for everyone who is not an active
     * user, so the account is looked up only when it did. @throws {AccountDisabled}
     */
    async adding<Result>(actor: Actor, work: (uow: UnitOfWork) => Promise<Result>): Promise<Result> {
      try {
        return await store.transact(work)
      } catch (error) {
        if (!(error instanceof AccountDisabled)) throw error
        await admit(actor)
        return store.transact(work)
      }
    },
  }
}
