import type { Actor } from '../entities/actor.ts'
import { User } from '../entities/user.ts'
import { Mirror } from '../entities/user-mirror.ts'
import { AccountDisabled } from '../errors/access-errors.ts'
import { DependencyUnavailable, OutcomeUnknown } from '../errors/dependency-errors.ts'
import type { Store } from '../ports/store.ts'
import type { UnitOfWork } from '../ports/unit-of-work.ts'
import { registerUser } from '../usecases/users/register-user.ts'
import { trustToken } from '../usecases/users/trust-token.ts'
import {
  type IdempotentRequest,
  type IdempotentResult,
  runIdempotently,
  storedResult,
  type Work,
} from './idempotency.ts'

/**
 * Lets only users with an active account do anything. Registers a user by the first valid token.
 *
 * It reads the account beside the work that it guards, so the check costs no round trip of its own;
 * when both fail, the caller gets the error of the account.
 */
export interface AccountGuard {
  /** The actor's own account. @throws {AccountDisabled} */
  requireActive(actor: Actor): Promise<User>

  /** Reads on behalf of an active user. @throws {AccountDisabled} */
  read<Result>(actor: Actor, work: () => Promise<Result>): Promise<Result>

  /** Runs a unit of work on behalf of an active user; for others nothing is committed. @throws {AccountDisabled} */
  update<Result>(actor: Actor, work: Work<Result>): Promise<Result>

  /**
   * Runs a unit of work that adds something of the actor's own, once, however often the same request comes; its
   * result must be plain data. @throws {AccountDisabled} @throws {IdempotencyKeyInUse} @throws {IdempotencyKeyReused}
   */
  create<Result>(actor: Actor, request: IdempotentRequest | null, work: Work<Result>): Promise<IdempotentResult<Result>>
}

export function createAccountGuard({ store, now }: Readonly<{ store: Store; now: () => Date }>): AccountGuard {
  const { follow, followBeside } = createTokenFollowing({ store, now })

  const requireActive = createAdmission({ store, now, follow })

  /** The unit of work refuses an unknown or inactive user; then the user is registered, and the unit runs again. */
  async function transact<Result>(actor: Actor, work: Work<Result>): Promise<Result> {
    try {
      return await store.transact(work)
    } catch (error) {
      if (!(error instanceof AccountDisabled)) throw error
      await requireActive(actor)
      return store.transact(work)
    }
  }

  return {
    requireActive,

    read: (actor, work) => runGuarded(requireActive(actor), work()),

    async update(actor, work) {
      let user: User | null = null
      const check = async (uow: UnitOfWork) => {
        user = await activeUser(uow, actor)
      }
      const result = await transact(actor, (uow) => runGuarded(check(uow), work(uow)))
      if (user !== null) await follow(user, actor)
      return result
    },

    /** The insert itself checks that the owner is active: no need to read the account. */
    async create(actor, request, work) {
      if (request === null) return { result: await followBeside(actor, transact(actor, work)), isReplay: false }

      const state = await store.keys.reserve({ ...request, userId: actor.userId })
      if (state.kind === 'reserved') {
        const result = runIdempotently(store.keys, state.reservation, work, (unit) => transact(actor, unit))
        return { result: await followBeside(actor, result), isReplay: false }
      }
      await requireActive(actor)
      return { result: storedResult(state), isReplay: true }
    },
  }
}

type AdmissionNeeds = Readonly<{ store: Store; now: () => Date; follow: (user: User, actor: Actor) => Promise<User> }>

/** Registers a user by the first valid token. */
function createAdmission({ store, now, follow }: AdmissionNeeds) {
  async function requireActive(actor: Actor): Promise<User> {
    const user = (await store.users.find(actor.userId)) ?? (await register(actor))
    User.assertActive(user)
    return follow(user, actor)
  }

  /** The user's own request has not begun by then, so its outcome is never unknown. */
  async function register({ userId: id, profile, vouched }: Actor): Promise<User> {
    const person = { id, profile, at: now(), ...(vouched && { vouched }) }
    try {
      return await store.transact((uow) => registerUser(uow, person))
    } catch (error) {
      throw error instanceof OutcomeUnknown ? new DependencyUnavailable('database', { cause: error.cause }) : error
    }
  }

  return requireActive
}

/** @throws {AccountDisabled} also when the person is not registered */
async function activeUser({ users }: UnitOfWork, { userId }: Actor): Promise<User> {
  const user = await users.find(userId)
  if (user === null) throw new AccountDisabled()
  User.assertActive(user)
  return user
}

/** Updates accounts from their users' tokens: one write if a token is newer, else none. The request never fails by it. */
function createTokenFollowing({ store, now }: Readonly<{ store: Store; now: () => Date }>) {
  const compared = new WeakSet<Actor>()

  /** The account, updated from the token. */
  async function follow(user: User, actor: Actor): Promise<User> {
    if (Mirror.applyToken(user, actor, user.updatedAt) === null) return user
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

/**
 * Awaits two tasks that already run side by side. If both fail, it throws the failure of the first.
 * So a check and the work that it guards cost one round trip, and the caller gets the error of the check.
 */
export async function runGuarded<Result>(check: Promise<unknown>, work: Promise<Result>): Promise<Result> {
  work.catch(() => {})
  await check
  return work
}
