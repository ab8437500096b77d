import type { Vouched } from '../../entities/identity-record.ts'
import { type Profile, User, type UserId } from '../../entities/user.ts'
import { UserEvents } from '../../events/user-events.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'

export type RegisterUser = Readonly<{ id: UserId; profile: Profile; at: Date; vouched?: Vouched }>

/** A person of the identity provider is mirrored at first sight; whoever is known already, removed ones too, stays as is. */
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
