import { eq } from 'drizzle-orm'
import type { Caller } from '../kit/caller.ts'
import { newId } from '../kit/ids.ts'
import type { Position } from '../kit/page.ts'
import { assertMatch } from '../kit/preconditions.ts'
import { Refused } from '../kit/refused.ts'
import { db, type Executor, firstPage, nextPage, postById, userById } from './database.ts'
import { comments, outbox, posts, users } from './schema.ts'

type Post = typeof posts.$inferSelect

export async function read(caller: Caller, id: string): Promise<Post> {
  await assertActive(caller)
  const [post] = await postById.execute({ id })
  if (post === undefined) throw new Refused(404)
  return post
}

export async function list(caller: Caller, after: Position | null, limit: number): Promise<Post[]> {
  await assertActive(caller)
  return after === null
    ? firstPage.execute({ limit })
    : nextPage.execute({ limit, at: after.at.toISOString(), after: after.id })
}

export const write = (caller: Caller, text: string): Promise<Post> =>
  db.transaction(async (tx) => {
    await lockActive(tx, caller)
    const at = new Date()
    const post = { id: newId(), ownerId: caller.id, text, version: 1, createdAt: at, updatedAt: at }
    await tx.insert(posts).values(post)
    await tx.insert(outbox).values(eventOf('post.written', post))
    return post
  })

export const rewrite = (caller: Caller, id: string, text: string, ifMatch: string | undefined): Promise<Post> =>
  db.transaction(async (tx) => {
    const post = await changeable(tx, caller, id, ifMatch)
    const rewritten = { ...post, text, version: post.version + 1, updatedAt: new Date() }
    const { version, updatedAt } = rewritten
    await tx.update(posts).set({ text, version, updatedAt }).where(eq(posts.id, id))
    await tx.insert(outbox).values(eventOf('post.rewritten', rewritten))
    return rewritten
  })

export const remove = (caller: Caller, id: string, ifMatch: string | undefined): Promise<void> =>
  db.transaction(async (tx) => {
    const post = await changeable(tx, caller, id, ifMatch)
    const removed = await tx.delete(comments).where(eq(comments.postId, id)).returning()
    await tx.delete(posts).where(eq(posts.id, id))
    const events = [eventOf('post.removed', gone(post)), ...removed.map((one) => eventOf('comment.removed', gone(one)))]
    await tx.insert(outbox).values(events)
  })

export const comment = (caller: Caller, postId: string, text: string) =>
  db.transaction(async (tx) => {
    await lockActive(tx, caller)
    const found = await tx.select({ id: posts.id }).from(posts).where(eq(posts.id, postId)).for('key share')
    if (found.length === 0) throw new Refused(404)
    const at = new Date()
    const added = { id: newId(), postId, ownerId: caller.id, text, version: 1, createdAt: at, updatedAt: at }
    await tx.insert(comments).values(added)
    await tx.insert(outbox).values(eventOf('comment.written', added))
    return added
  })

async function assertActive({ id }: Caller): Promise<void> {
  const [user] = await userById.execute({ id })
  if (user?.isActive !== true) throw new Refused(403)
}

/** Locks the account until the end of the transaction. */
async function lockActive(tx: Executor, { id }: Caller): Promise<void> {
  const [user] = await tx.select({ isActive: users.isActive }).from(users).where(eq(users.id, id)).for('share')
  if (user?.isActive !== true) throw new Refused(403)
}

async function changeable(tx: Executor, caller: Caller, id: string, ifMatch: string | undefined): Promise<Post> {
  const [user] = await tx.select({ isActive: users.isActive }).from(users).where(eq(users.id, caller.id))
  if (user?.isActive !== true) throw new Refused(403)
  const [post] = await tx.select().from(posts).where(eq(posts.id, id)).for('update')
  if (post === undefined) throw new Refused(404)
  if (post.ownerId !== caller.id && !caller.isSuperAdmin) throw new Refused(403)
  assertMatch(ifMatch, post.version)
  return post
}

const eventOf = (type: string, data: Post) => ({
  id: newId(),
  type,
  subject: data.id,
  version: data.version,
  time: data.updatedAt,
  data,
})

const gone = <State extends Post>(state: State): State => ({
  ...state,
  version: state.version + 1,
  updatedAt: new Date(),
})
