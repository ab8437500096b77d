import { Client } from 'pg'
import { parentOf } from './process-usage.ts'

/** The first process of PostgreSQL, which runs on this machine. */
export async function databaseProcess(connectionString: string): Promise<number> {
  const client = new Client({ connectionString })
  await client.connect()
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  const server = parentOf(rows[0]?.pid ?? 0)
  await client.end()
  if (server === null) throw new Error('PostgreSQL does not run on this machine, so that its CPU is unknown.')
  return server
}
