import { announce } from '../../entities/event.ts'
import { User, type UserId } from '../../entities/user.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'
import { presentUser } from './present-user.ts'

export type RemoveUser = Readonly<{ id: UserId; at: Date }>

/** A user leaves for good, with all posts (and the comments on them), comments and notifications; a tombstone keeps late news out. */
export async function removeUser(
  { users, posts, comments, notifications, outbox }: UnitOfWork,
  { id, at }: RemoveUser,
): Promise<void> {
  const user = User.remove(presentUser(await users.find(id)), at)

  await users.save(user)
  await outbox.add(announce('user.removed', user))
  await comments.removeAround(id, at)
  await posts.removeOwnedBy(id, at)
  await notifications.removeOf(id)
}
