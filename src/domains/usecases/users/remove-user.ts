import { existingUser } from '../../entities/existing-user.ts'
import { User, type UserId } from '../../entities/user.ts'
import { UserEvents } from '../../events/user-events.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'

export type RemoveUser = Readonly<{ id: UserId; at: Date }>

/** Removes a user with all that the user owns; a tombstone stays, so that late news does not create the user again. */
export async function removeUser({ users, outbox }: UnitOfWork, { id, at }: RemoveUser): Promise<void> {
  const user = User.remove(existingUser(await users.find(id)), at)

  await users.remove(user)
  await outbox.add(UserEvents.removed.of(user))
}
