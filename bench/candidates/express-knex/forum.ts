import knex, { type Knex } from 'knex'
import type { Caller } from '../kit/caller.ts'
import { CONNECTIONS, DATABASE_URL } from '../kit/environment.ts'
import { newId } from '../kit/ids.ts'
import type { Position } from '../kit/page.ts'
import { assertMatch } from '../kit/preconditions.ts'
import { Refused } from '../kit/refused.ts'
import type { Comment, Post } from '../kit/resources.ts'

const db = knex({ client: 'pg', connection: DATABASE_URL, pool: { min: 0, max: CONNECTIONS } })

const POST = {
  id: 'id',
  ownerId: 'owner_id',
  text: 'text',
  version: 'version',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
}
const COMMENT_COLUMNS = ['id', 'post_id as postId', 'owner_id as ownerId', 'text', 'version'].concat([
  'created_at as createdAt',
  'updated_at as updatedAt',
])

export async function read(caller: Caller, id: string): Promise<Post> {
  await assertActive(db('users'), caller)
  const post = await db('posts').where({ id }).first<Post | undefined>(POST)
  if (post === undefined) throw new Refused(404)
  return post
}

export async function list(caller: Caller, after: Position | null, limit: number): Promise<Post[]> {
  await assertActive(db('users'), caller)
  const query = db('posts')
    .select(POST)
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
  if (after !== null) query.whereRaw('(created_at, id) < (?, ?)', [after.at, after.id])
  return query.limit(limit)
}

export const write = (caller: Caller, text: string): Promise<Post> =>
  db.transaction(async (trx) => {
    await assertActive(trx('users').forShare(), caller)
    const at = new Date()
    const post = { id: newId(), ownerId: caller.id, text, version: 1, createdAt: at, updatedAt: at }
    await trx('posts').insert(rowOf(post))
    await trx('outbox').insert(eventOf('post.written', post))
    return post
  })

export const rewrite = (caller: Caller, id: string, text: string, ifMatch: string | undefined): Promise<Post> =>
  db.transaction(async (trx) => {
    const post = await changeable(trx, caller, id, ifMatch)
    const rewritten = { ...post, text, version: post.version + 1, updatedAt: new Date() }
    const { version, updatedAt } = rewritten
    await trx('posts').where({ id }).update({ text, version, updated_at: updatedAt })
    await trx('outbox').insert(eventOf('post.rewritten', rewritten))
    return rewritten
  })

export const remove = (caller: Caller, id: string, ifMatch: string | undefined): Promise<void> =>
  db.transaction(async (trx) => {
    const post = await changeable(trx, caller, id, ifMatch)
    const removed: Comment[] = await trx('comments').where({ post_id: id }).delete(COMMENT_COLUMNS)
    await trx('posts').where({ id }).delete()
    const events = removed.map((comment) => eventOf('comment.removed', gone(comment)))
    await trx('outbox').insert([eventOf('post.removed', gone(post)), ...events])
  })

export const comment = (caller: Caller, postId: string, text: string): Promise<Comment> =>
  db.transaction(async (trx) => {
    await assertActive(trx('users').forShare(), caller)
    const found = await trx('posts').where({ id: postId }).forKeyShare().first('id')
    if (found === undefined) throw new Refused(404)
    const at = new Date()
    const added = { id: newId(), postId, ownerId: caller.id, text, version: 1, createdAt: at, updatedAt: at }
    await trx('comments').insert({ ...rowOf(added), post_id: postId })
    await trx('outbox').insert(eventOf('comment.written', added))
    return added
  })

async function assertActive(users: Knex.QueryBuilder, { id }: Caller): Promise<void> {
  const user = await users.where({ id }).first('is_active')
  if (user?.is_active !== true) throw new Refused(403)
}

async function changeable(trx: Knex, caller: Caller, id: string, ifMatch: string | undefined): Promise<Post> {
  await assertActive(trx('users'), caller)
  const post = await trx('posts').where({ id }).forUpdate().first<Post | undefined>(POST)
  if (post === undefined) throw new Refused(404)
  if (post.ownerId !== caller.id && !caller.isSuperAdmin) throw new Refused(403)
  assertMatch(ifMatch, post.version)
  return post
}

const rowOf = ({ id, ownerId, text, version, createdAt, updatedAt }: Post) => ({
  id,
  owner_id: ownerId,
  text,
  version,
  created_at: createdAt,
  updated_at: updatedAt,
})

const eventOf = (type: string, data: Post) => ({
  id: newId(),
  type,
  subject: data.id,
  version: data.version,
  time: data.updatedAt,
  data: JSON.stringify(data),
})

const gone = <State extends Post>(state: State): State => ({
  ...state,
  version: state.version + 1,
  updatedAt: new Date(),
})
