import { existingUser } from '../../entities/existing-user.ts'
import { type Profile, User, type UserId } from '../../entities/user.ts'
import { UserEvents } from '../../events/user-events.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'

export type ChangeUser = Readonly<{ id: UserId; change: Partial<Profile & { isActive: boolean }>; at: Date }>

/** The identity provider changed a profile, or activated or deactivated an account. */
export async function changeUser({ users, outbox }: UnitOfWork, { id, change, at }: ChangeUser): Promise<User> {
  const user = User.change(existingUser(await users.find(id)), change, at)

  await users.save(user)
  await outbox.add(UserEvents.changed.of(user))

  return user
}
