import { inOrder } from '../../patterns/in-order.ts'
import type { Actor } from '../entities/actor.ts'
import { User } from '../entities/user.ts'
import { AccountDisabled } from '../errors/access-errors.ts'
import { DependencyUnavailable, OutcomeUnknown } from '../errors/dependency-errors.ts'
import type { Store } from '../ports/store.ts'
import type { UnitOfWork } from '../ports/unit-of-work.ts'
import { registerUser } from '../usecases/users/register-user.ts'
import { type Answered, answering, keptAnswer, type Repeatable, type Work } from './repeatable.ts'
import { createTokenFollowing } from './user-token-following.ts'

/**
 * Who may do anything at all: users whose account is active. People are registered at first sight.
 *
 * The account is looked up beside the work that it guards, so the check costs no round trip of its own;
 * when both fail, the caller hears of the account.
 */
export interface Membership {
  /** The actor's own account. @throws {AccountDisabled} */
  admit(actor: Actor): Promise<User>

  /** Reads on behalf of an active user. @throws {AccountDisabled} */
  reading<Result>(actor: Actor, work: () => Promise<Result>): Promise<Result>

  /** Runs a unit of work on behalf of an active user; nothing is kept for others. @throws {AccountDisabled} */
  changing<Result>(actor: Actor, work: Work<Result>): Promise<Result>

  /**
   * Runs a unit of work that adds something of the actor's own, once, however often the same request comes; its
   * result must be plain data. @throws {AccountDisabled} @throws {KeyInUse} @throws {KeyReused}
   */
  adding<Result>(actor: Actor, request: Repeatable | null, work: Work<Result>): Promise<Answered<Result>>
}

export function createMembership({ store, now }: Readonly<{ store: Store; now: () => Date }>): Membership {
  const { follow, followBeside } = createTokenFollowing({ store, now })

  const admit = createAdmission({ store, now, follow })

  /** Who is not known yet, or not active, is refused within the unit; then the person is registered, and it runs again. */
  async function transact<Result>(actor: Actor, work: Work<Result>): Promise<Result> {
    try {
      return await store.transact(work)
    } catch (error) {
      if (!(error instanceof AccountDisabled)) throw error
      await admit(actor)
      return store.transact(work)
    }
  }

  return {
    admit,

    reading: (actor, work) => inOrder(admit(actor), work()),

    async changing(actor, work) {
      let user: User | null = null
      const check = async (uow: UnitOfWork) => {
        user = await activeUser(uow, actor)
      }
      const result = await transact(actor, (uow) => inOrder(check(uow), work(uow)))
      if (user !== null) await follow(user, actor)
      return result
    },

    /** The store adds nothing for anyone but an active user: there is nothing to look up. */
    async adding<Result>(actor: Actor, request: Repeatable | null, work: Work<Result>): Promise<Answered<Result>> {
      if (request === null) return { result: await followBeside(actor, transact(actor, work)), isReplay: false }

      const state = await store.keys.reserve({ ...request, userId: actor.userId })
      if (state.kind === 'reserved') {
        const result = answering(store.keys, state.reservation, work, (answered) => transact(actor, answered))
        return { result: await followBeside(actor, result), isReplay: false }
      }
      await admit(actor)
      return { result: keptAnswer(state), isReplay: true }
    },
  }
}

type AdmissionNeeds = Readonly<{ store: Store; now: () => Date; follow: (user: User, actor: Actor) => Promise<User> }>

/** Registers people at first sight. */
function createAdmission({ store, now, follow }: AdmissionNeeds) {
  async function admit(actor: Actor): Promise<User> {
    const user = (await store.users.find(actor.userId)) ?? (await register(actor))
    User.mustBeActive(user)
    return follow(user, actor)
  }

  /** Nothing of what the user asked for was begun by then, so that its outcome is never unknown. */
  async function register({ userId: id, profile, vouched }: Actor): Promise<User> {
    const person = { id, profile, at: now(), ...(vouched && { vouched }) }
    try {
      return await store.transact((uow) => registerUser(uow, person))
    } catch (error) {
      throw error instanceof OutcomeUnknown ? new DependencyUnavailable('database', { cause: error.cause }) : error
    }
  }

  return admit
}

/** @throws {AccountDisabled} also when the person is not registered */
async function activeUser({ users }: UnitOfWork, { userId }: Actor): Promise<User> {
  const user = await users.find(userId)
  if (user === null) throw new AccountDisabled()
  User.mustBeActive(user)
  return user
}
