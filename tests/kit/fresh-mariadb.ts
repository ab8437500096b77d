import { randomBytes } from 'node:crypto'
import { createConnection } from 'mariadb'
import { parseDatabaseUrl } from '../../src/infrastructures/store/mariadb/database-url.ts'
import type { mariadbUrl } from './engines.ts'

/** An empty database of its own on the MariaDB or MySQL of the tests. */
export async function freshMariadb(server: typeof mariadbUrl): Promise<{ url: string; drop: () => Promise<void> }> {
  if (server === null) throw new Error('There is no URL of a server.')
  const name = `forum_test_${randomBytes(6).toString('hex')}`
  const url = new URL(server)
  url.pathname = `/${name}`

  await withMariadb(server, (query) => query(`create database ${name}`))
  return {
    url: url.href,
    drop: () => withMariadb(server, async (query) => void (await query(`drop database ${name}`))),
  }
}

type Query = (text: string) => Promise<readonly unknown[]>

/** A connection from behind: what it changes is kept at once. Names may be quoted, ids are bytes. */
export async function withMariadb<Result>(url: string, work: (query: Query) => Promise<Result>): Promise<Result> {
  const { host, port, user, password, database } = parseDatabaseUrl(url)
  const connection = await createConnection({
    ...{ host, port, user, password, database, timezone: 'Z', bigIntAsNumber: true, allowPublicKeyRetrieval: true },
    connectTimeout: 30_000,
    initSql: [`set sql_mode = 'ANSI_QUOTES,STRICT_ALL_TABLES'`, `set time_zone = '+00:00'`],
  })
  try {
    return await work((text) => connection.query(text))
  } finally {
    await connection.end()
  }
}
