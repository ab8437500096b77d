import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { readMigrations } from '../src/infrastructures/store/migrations.ts'
import { migratePostgres } from '../src/infrastructures/store/postgres/migrate.ts'
import type { BenchDatabase, StoredEvent } from './database.ts'
import { type Dialect, loading, restoring } from './load-data.ts'

const DIALECT: Dialect = {
  series: (first, count) => `generate_series(${first}::bigint, ${first + count - 1}::bigint) as s(n)`,
  id: (prefix, n) => `('${prefix}' || lpad(to_hex(${n}), 12, '0'))::uuid`,
  time: (from, seconds) => `timestamptz '${from.toISOString()}' + ${seconds} * interval '1 second'`,
  truth: (condition) => `(${condition})`,
  keepingExisting: 'where true on conflict do nothing',
}

const TABLES = ['users', 'posts', 'comments', 'outbox', 'inbox', 'notifications']

/** A loaded database of its own on a server. Vacuum runs only between measurements. */
export async function loadPostgres(serverUrl: string, posts: number): Promise<BenchDatabase> {
  const server = await connect(serverUrl)
  const database = `forum_bench_${randomBytes(6).toString('hex')}`
  await server.query(`create database ${database}`)
  const url = new URL(serverUrl)
  url.pathname = `/${database}`

  const client = await connect(url.href)
  await migratePostgres(client, readMigrations('postgres'))
  for (const table of TABLES) await client.query(`alter table ${table} set (autovacuum_enabled = off)`)
  for (const statement of loading(DIALECT, posts)) await client.query(statement)
  const tidy = async () => {
    for (const table of TABLES) await client.query(`vacuum (analyze) ${table}`)
    await client.query('checkpoint')
  }
  await tidy()
  const { rows } = await client.query<{ server_version: string }>('show server_version')

  return {
    url: url.href,
    name: `PostgreSQL ${rows[0]?.server_version.split(' ')[0]}`,
    async restore() {
      for (const statement of restoring(DIALECT)) await client.query(statement)
      await tidy()
    },
    takeEvents: async () =>
      (await client.query<StoredEvent>('delete from outbox returning type, subject, version, data')).rows,
    async close() {
      await client.end()
      await server.query(`drop database if exists ${database} with (force)`)
      await server.end()
    },
  }
}

async function connect(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString })
  await client.connect()
  return client
}
