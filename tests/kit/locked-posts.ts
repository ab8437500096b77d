import { Client } from 'pg'
import { PRODUCT } from '../../src/patterns/product.ts'

/** Keeps everybody else from the posts until it is released, as a migration or a careless operator would. */
export async function lockPosts(url: string, mode: 'exclusive' | 'access exclusive') {
  const client = new Client({ connectionString: url, application_name: 'operator' })
  client.on('error', () => {}) // the database may be dropped while it is locked
  await client.connect()
  await client.query('begin')
  await client.query(`lock table posts in ${mode} mode`)
  return {
    /** How many wait for it. */
    async waiting(): Promise<number> {
      const { rows } = await client.query<{ count: number }>(
        "select count(*)::int from pg_locks where relation = 'posts'::regclass and not granted",
      )
      return rows[0]?.count ?? 0
    },
    release: () => client.end(),
  }
}

/** Ends every connection that the service has. */
export async function terminateConnections(url: string): Promise<number> {
  const client = new Client({ connectionString: url, application_name: 'operator' })
  await client.connect()
  const { rowCount } = await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = '${PRODUCT.service}'`,
  )
  await client.end()
  return rowCount ?? 0
}
