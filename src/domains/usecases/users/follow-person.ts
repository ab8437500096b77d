import type { PersonNews } from '../../entities/person-news.ts'
import type { User, UserId } from '../../entities/user.ts'
import { Mirror } from '../../entities/user-mirror.ts'
import { UserEvents } from '../../events/user-events.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'
import { removeUser } from './remove-user.ts'

export type FollowPerson = Readonly<{ id: UserId; news: PersonNews; at: Date }>

/** What the news of a person did to the mirror. */
export type Followed = 'registered' | 'changed' | 'removed' | 'unchanged'

/** Applies news of a person to the mirror, in whatever order it arrives. A removed user stays removed. */
export async function followPerson(uow: UnitOfWork, { id, news, at }: FollowPerson): Promise<Followed> {
  const known = await uow.users.find(id)
  if (known === null) return addUser(uow, Mirror.create(id, news, at))
  if (known.removedAt !== null) return 'unchanged'
  if (news.kind === 'removed') {
    await removeUser(uow, { id, at })
    return 'removed'
  }
  const changed = Mirror.applyNews(known, news, at)
  if (changed === null) return 'unchanged'
  await uow.users.save(changed)
  await uow.outbox.add(UserEvents.changed.of(changed))
  return 'changed'
}

async function addUser({ users, outbox }: UnitOfWork, user: User): Promise<Followed> {
  const isGone = user.removedAt !== null
  await users.add(user)
  await outbox.add((isGone ? UserEvents.removed : UserEvents.registered).of(user))
  return isGone ? 'removed' : 'registered'
}
