import { randomBytes } from 'node:crypto'
import { type DatabaseUrl, parseDatabaseUrl } from '../../src/infrastructures/store/mariadb/database-url.ts'
import { migrateMariadb } from '../../src/infrastructures/store/mariadb/migrate.ts'
import { openSession } from '../../src/infrastructures/store/mariadb/session.ts'
import type { Migration } from '../../src/infrastructures/store/migrations.ts'

const LINES = `
  select concat(table_name, ' column ', column_name, ' ', column_type, if(is_nullable = 'NO', ' not null', ''),
    coalesce(concat(' default ', column_default), ''), coalesce(concat(' collate ', collation_name), '')) as line
  from information_schema.columns where table_schema = database()
  union all
  select concat(table_name, if(non_unique, '', ' unique'), ' index ', index_name, ' ', seq_in_index, ' ', column_name)
  from information_schema.statistics where table_schema = database()
  union all
  select concat(table_name, ' constraint ', constraint_name, ' ', column_name, ' references ', referenced_table_name)
  from information_schema.key_column_usage where table_schema = database() and referenced_table_name is not null
  union all
  select concat(constraint_name, ' check ', check_clause)
  from information_schema.check_constraints where constraint_schema = database()`

/** Builds on a server, as no MariaDB runs within a process: in a database of its own each time. */
export async function buildOnMariadb(server: string, history: readonly Migration[]): Promise<readonly unknown[]> {
  const url = parseDatabaseUrl(server)
  const database = `revision_${randomBytes(6).toString('hex')}`
  await using there = await connected(url)
  await there.send(`create database ${database}`)
  try {
    await using built = await connected({ ...url, database })
    await migrateMariadb(built, history)
    return (await built.send(LINES)) as readonly unknown[]
  } finally {
    await there.send(`drop database ${database}`)
  }
}

async function connected(url: DatabaseUrl) {
  const session = await openSession(url, { commitsEach: false, limits: null, onIdleError: () => {} })
  return { ...session, [Symbol.asyncDispose]: () => session.close() }
}
