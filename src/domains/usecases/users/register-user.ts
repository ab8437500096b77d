import type { Vouched } from '../../entities/identity-record.ts'
import { type Profile, User, type UserId } from '../../entities/user.ts'
import { UserEvents } from '../../events/user-events.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'

export type RegisterUser = Readonly<{ id: UserId; profile: Profile; at: Date; vouched?: Vouched }>

/** Mirrors a person of the identity provider by the first token; a known user stays as it is, also a removed one. */
export async function registerUser(
  { users, outbox }: UnitOfWork,
  { id, profile, at, vouched }: RegisterUser,
): Promise<User> {
  const known = await users.find(id)
  if (known !== null) return known

  const user = User.register(id, profile, at, vouched)
  await users.add(user)
  await outbox.add(UserEvents.registered.of(user))

  return user
}
