import type { Actor } from '../entities/actor.ts'
import type { User, UserId } from '../entities/user.ts'
import type { Store } from '../ports/store.ts'
import { type ChangeUser, changeUser } from '../usecases/users/change-user.ts'
import { presentUser } from '../usecases/users/present-user.ts'
import { removeUser } from '../usecases/users/remove-user.ts'
import type { Membership } from './membership.ts'

export type UserService = ReturnType<typeof createUserService>

type Needs = { members: Membership; store: Store; now: () => Date }

/** What users see of each other, and what the identity provider decides about them. */
export const createUserService = ({ members, store, now }: Needs) => ({
  me: (actor: Actor): Promise<User> => members.admit(actor),

  read: (reader: Actor, id: UserId): Promise<User> =>
    id === reader.userId
      ? members.admit(reader)
      : members.reading(reader, async () => presentUser(await store.users.find(id))),

  /** The identity provider says that a profile or the state of an account changed. */
  change: (id: UserId, change: ChangeUser['change']): Promise<User> =>
    store.transact((uow) => changeUser(uow, { id, change, at: now() })),

  /** The identity provider says that a user is gone. */
  remove: (id: UserId): Promise<void> => store.transact((uow) => removeUser(uow, { id, at: now() })),
})
