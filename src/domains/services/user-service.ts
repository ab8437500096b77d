import type { Actor } from '../entities/actor.ts'
import { existingUser } from '../entities/existing-user.ts'
import type { User, UserId } from '../entities/user.ts'
import type { Store } from '../ports/store.ts'
import { type ChangeUser, changeUser } from '../usecases/users/change-user.ts'
import { type RemoveUser, removeUser } from '../usecases/users/remove-user.ts'
import type { AccountGuard } from './account-guard.ts'

/** What users see of each other, and what the identity provider decides about them. */
export interface UserService {
  /** The actor's own account. @throws {AccountDisabled} */
  me(actor: Actor): Promise<User>

  /** @throws {UserNotFound} for an unknown or removed user @throws {AccountDisabled} */
  read(query: Readonly<{ reader: Actor; id: UserId }>): Promise<User>

  /** Applies a change of the profile or the state of an account by the identity provider. @throws {UserNotFound} */
  change(command: Omit<ChangeUser, 'at'>): Promise<User>

  /** Removes a user whom the identity provider has removed. @throws {UserNotFound} */
  remove(command: Omit<RemoveUser, 'at'>): Promise<void>
}

type Needs = Readonly<{ accounts: AccountGuard; store: Store; now: () => Date }>

export const createUserService = ({ accounts, store, now }: Needs): UserService => ({
  me: accounts.requireActive,

  read: ({ reader, id }) =>
    id === reader.userId
      ? accounts.requireActive(reader)
      : accounts.read(reader, async () => existingUser(await store.users.find(id))),

  change: (command) => store.transact((uow) => changeUser(uow, { ...command, at: now() })),

  remove: (command) => store.transact((uow) => removeUser(uow, { ...command, at: now() })),
})
