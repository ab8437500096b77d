import type { Actor } from '../../entities/actor.ts'
import { existingUser } from '../../entities/existing-user.ts'
import type { User } from '../../entities/user.ts'
import { Mirror } from '../../entities/user-mirror.ts'
import { UserEvents } from '../../events/user-events.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'

export type TrustToken = Readonly<{ actor: Actor; at: Date }>

/** Applies the profile of a newer token. @throws {UserNotFound} */
export async function trustToken({ users, outbox }: UnitOfWork, { actor, at }: TrustToken): Promise<User> {
  const known = existingUser(await users.find(actor.userId))
  const user = Mirror.applyToken(known, actor, at)
  if (user === null) return known

  await users.save(user)
  await outbox.add(UserEvents.changed.of(user))

  return user
}
