/** `node:http` and a `pg` pool, as they are usually written by hand: one statement after the other, begin to commit. */
import { Pool, type PoolClient } from 'pg'
import type { Caller } from '../kit/caller.ts'
import { CONNECTIONS, DATABASE_URL } from '../kit/environment.ts'
import { type Forum, serve } from '../kit/hand-written.ts'
import { newId } from '../kit/ids.ts'
import { assertMatch } from '../kit/preconditions.ts'
import { Refused } from '../kit/refused.ts'
import type { Comment, Post } from '../kit/resources.ts'

const pool = new Pool({ connectionString: DATABASE_URL, max: CONNECTIONS })
const POST = 'id, owner_id as "ownerId", text, version, created_at as "createdAt", updated_at as "updatedAt"'
const COMMENT = `post_id as "postId", ${POST}`

const forum: Forum = {
  async read(caller, id) {
    await assertActive(pool, caller)
    return found(await pool.query<Post>(`select ${POST} from posts where id = $1`, [id]))
  },

  async list(caller, after, limit) {
    await assertActive(pool, caller)
    const [where, values] =
      after === null ? ['', [limit]] : ['where (created_at, id) < ($2, $3)', [limit, after.at, after.id]]
    const text = `select ${POST} from posts ${where} order by created_at desc, id desc limit $1`
    return (await pool.query<Post>(text, values)).rows
  },

  write: (caller, text) =>
    transaction(async (client) => {
      await assertActive(client, caller, 'for share')
      const at = new Date()
      const post = { id: newId(), ownerId: caller.id, text, version: 1, createdAt: at, updatedAt: at }
      await client.query(
        'insert into posts (id, owner_id, text, version, created_at, updated_at) values ($1, $2, $3, 1, $4, $4)',
        [post.id, caller.id, text, at],
      )
      await insertEvent(client, 'post.written', post)
      return post
    }),

  rewrite: (caller, id, text, ifMatch) =>
    transaction(async (client) => {
      const post = await changeable(client, caller, id, ifMatch)
      const rewritten = { ...post, text, version: post.version + 1, updatedAt: new Date() }
      const values = [id, text, rewritten.version, rewritten.updatedAt]
      await client.query('update posts set text = $2, version = $3, updated_at = $4 where id = $1', values)
      await insertEvent(client, 'post.rewritten', rewritten)
      return rewritten
    }),

  remove: (caller, id, ifMatch) =>
    transaction(async (client) => {
      const post = await changeable(client, caller, id, ifMatch)
      const { rows } = await client.query<Comment>(`delete from comments where post_id = $1 returning ${COMMENT}`, [id])
      await client.query('delete from posts where id = $1', [id])
      await insertEvents(client, 'comment.removed', rows.map(gone))
      await insertEvent(client, 'post.removed', gone(post))
    }),

  comment: (caller, postId, text) =>
    transaction(async (client) => {
      await assertActive(client, caller, 'for share')
      found(await client.query('select id from posts where id = $1 for key share', [postId]))
      const at = new Date()
      const comment = { id: newId(), postId, ownerId: caller.id, text, version: 1, createdAt: at, updatedAt: at }
      await client.query(
        `insert into comments (id, post_id, owner_id, text, version, created_at, updated_at)
         values ($1, $2, $3, $4, 1, $5, $5)`,
        [comment.id, postId, caller.id, text, at],
      )
      await insertEvent(client, 'comment.written', comment)
      return comment
    }),
}
serve(forum)

async function transaction<Result>(work: (client: PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const result = await work(client)
    await client.query('commit')
    return result
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

async function assertActive(client: Pick<Pool, 'query'>, { id }: Caller, lock = ''): Promise<void> {
  const { rows } = await client.query(`select is_active from users where id = $1 ${lock}`, [id])
  if (rows[0]?.is_active !== true) throw new Refused(403)
}

async function changeable(client: PoolClient, caller: Caller, id: string, ifMatch: string | undefined): Promise<Post> {
  await assertActive(client, caller)
  const post = found(await client.query<Post>(`select ${POST} from posts where id = $1 for update`, [id]))
  if (post.ownerId !== caller.id && !caller.isSuperAdmin) throw new Refused(403)
  assertMatch(ifMatch, post.version)
  return post
}

async function insertEvent(client: PoolClient, type: string, data: Post): Promise<void> {
  await client.query('insert into outbox (id, type, subject, version, time, data) values ($1, $2, $3, $4, $5, $6)', [
    newId(),
    type,
    data.id,
    data.version,
    data.updatedAt,
    JSON.stringify(data),
  ])
}

/** Many events of one type in one statement. */
async function insertEvents(client: PoolClient, type: string, all: readonly Post[]): Promise<void> {
  await client.query(
    `insert into outbox (type, subject, version, time, data)
     select $1, e.* from unnest($2::uuid[], $3::integer[], $4::timestamptz[], $5::json[]) as e`,
    [
      type,
      all.map(({ id }) => id),
      all.map(({ version }) => version),
      all.map(({ updatedAt }) => updatedAt),
      all.map((data) => JSON.stringify(data)),
    ],
  )
}

const gone = <State extends Post>(state: State): State => ({
  ...state,
  version: state.version + 1,
  updatedAt: new Date(),
})

function found<Row extends object>({ rows }: { rows: Row[] }): Row {
  const [row] = rows
  if (row === undefined) throw new Refused(404)
  return row
}
