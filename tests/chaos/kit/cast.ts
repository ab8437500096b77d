import { randomUUID } from 'node:crypto'
import type { Actor } from '../../../src/domains/entities/actor.ts'
import { PostId } from '../../../src/domains/entities/post.ts'
import { UserId } from '../../../src/domains/entities/user.ts'
import type { Store } from '../../../src/domains/ports/store.ts'
import { writePost } from '../../../src/domains/usecases/posts/write-post.ts'
import { registerUser } from '../../../src/domains/usecases/users/register-user.ts'
import { postContent } from '../../fixtures.ts'

/** An author with a post, a reader, what may hang on the post, and what is still to come. */
export type Cast = Readonly<Record<'author' | 'reader' | 'newcomer' | 'post' | 'reply' | 'answer' | 'next', string>>

export const newCast = (): Cast => ({
  author: randomUUID(),
  reader: randomUUID(),
  newcomer: randomUUID(),
  post: randomUUID(),
  reply: randomUUID(),
  answer: randomUUID(),
  next: randomUUID(),
})

export const actor = (id: string): Actor => ({
  userId: UserId.parse(id),
  profile: { username: id, fullName: null, email: null },
  isSuperAdmin: false,
})

export const at = new Date('2026-03-01T12:00:00.000Z')
export const expected = null
export const owned = (id: string) => ({ ownerId: UserId.parse(id), at })
export const register = (id: string) => ({ id: UserId.parse(id), profile: actor(id).profile, at })

/** Registers author and reader, and writes the post. */
export async function prepare({ transact }: Store, { author, reader, post }: Cast): Promise<void> {
  for (const id of [author, reader]) await transact((uow) => registerUser(uow, register(id)))
  await transact((uow) => writePost(uow, { id: PostId.parse(post), ...postContent('A post.'), ...owned(author) }))
}
