/** `node:http` and a `pg` pool, as they are usually written by hand: the least that the work costs without tricks. */
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { Pool } from 'pg'
import { bodyOf, DATABASE_URL, HTTP_PORT, send, subjectOf } from './shared.ts'

const pool = new Pool({ connectionString: DATABASE_URL, max: 10 })
const COLUMNS = 'id, owner_id as "ownerId", text, version, created_at as "createdAt", updated_at as "updatedAt"'

const server = createServer(async (request, response) => {
  try {
    const subject = await subjectOf(request)
    if (request.method === 'GET')
      send(response, 200, await read(subject, String(request.url).slice('/v1/posts/'.length)))
    else send(response, 201, await write(subject, (await bodyOf(request)).text))
  } catch (error) {
    response.writeHead(500).end(String(error))
  }
})
server.listen(Number(HTTP_PORT), '127.0.0.1')

async function read(subject: string, id: string) {
  await mustBeActive(pool, subject, '')
  const { rows } = await pool.query(`select ${COLUMNS} from posts where id = $1`, [id])
  return rows[0]
}

async function write(ownerId: string, text: string) {
  const client = await pool.connect()
  const at = new Date()
  const post = { id: randomUUID(), ownerId, text, version: 1, createdAt: at, updatedAt: at }
  try {
    await client.query('begin')
    await mustBeActive(client, ownerId, 'for share')
    const values = [post.id, ownerId, text, at]
    await client.query(
      'insert into posts (id, owner_id, text, version, created_at, updated_at) values ($1, $2, $3, 1, $4, $4)',
      values,
    )
    const event = ['post.written', post.id, at, JSON.stringify(post)]
    await client.query('insert into outbox (type, subject, version, time, data) values ($1, $2, 1, $3, $4)', event)
    await client.query('commit')
    return post
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

async function mustBeActive(client: Pick<Pool, 'query'>, id: string, lock: string): Promise<void> {
  const { rows } = await client.query(`select is_active from users where id = $1 ${lock}`, [id])
  if (rows[0]?.is_active !== true) throw new Error('The account is not active.')
}
