import { existingUser } from '../../entities/existing-user.ts'
import { User, type UserId } from '../../entities/user.ts'
import { UserEvents } from '../../events/user-events.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'

export type RemoveUser = Readonly<{ id: UserId; at: Date }>

/** A user leaves for good, with all that the user owns; a tombstone keeps late news out. */
export async function removeUser({ users, outbox }: UnitOfWork, { id, at }: RemoveUser): Promise<void> {
  const user = User.remove(existingUser(await users.find(id)), at)

  await users.remove(user)
  await outbox.add(UserEvents.removed.of(user))
}
