import type { DatabaseSync } from 'node:sqlite'
import type { Migration } from '../migrations.ts'
import { checkSchema, type MigratedDatabase, migrate } from '../sql/migrate.ts'
import { sqliteDialect } from './dialect.ts'

const BUSY_TIMEOUT_MS = 30_000
/** An index of a large table is sorted in files, not in memory. */
const TEMPORARY_FILES = 1

export const migrateSqlite = (database: DatabaseSync, migrations: readonly Migration[]) =>
  serialized(() => withPragma(database, 'busy_timeout', BUSY_TIMEOUT_MS, () => migrate(migrated(database), migrations)))

export const checkSqliteSchema = (database: DatabaseSync, migrations: readonly Migration[]) =>
  checkSchema(migrated(database), migrations)

/** Foreign keys are off meanwhile, as SQLite alters a table by building it anew: so they are checked afterwards. */
const migrated = (database: DatabaseSync): MigratedDatabase => ({
  dialect: sqliteDialect,
  findTable: `select name from sqlite_schema where name = 'schema_migrations'`,
  createTable: `create table if not exists schema_migrations (
    name text primary key not null,
    checksum text not null,
    applied_at integer not null
  ) strict`,
  script: async (text) => database.exec(text),
  query: async (text, values = []) => database.prepare(text).all(...(values as string[])),
  exclusively: (work) =>
    withPragma(database, 'temp_store', TEMPORARY_FILES, () =>
      withPragma(database, 'foreign_keys', 0, () => transaction(database, work)),
    ),
  verify() {
    if (database.prepare('pragma foreign_key_check').get()) throw new Error('it leaves rows with broken foreign keys')
  },
})

let last: Promise<unknown> = Promise.resolve()

/** One at a time in this process: waiting for the lock blocks the process, and so the holder of the lock in it. */
function serialized<Result>(work: () => Promise<Result>): Promise<Result> {
  const turn = last.then(work, work)
  last = turn
  return turn
}

async function transaction<Result>(database: DatabaseSync, work: () => Promise<Result>): Promise<Result> {
  database.exec('begin immediate')
  try {
    const result = await work()
    database.exec('commit')
    return result
  } finally {
    if (database.isTransaction) database.exec('rollback')
  }
}

async function withPragma<Result>(
  database: DatabaseSync,
  name: string,
  value: number,
  work: () => Promise<Result>,
): Promise<Result> {
  const [before] = Object.values(database.prepare(`pragma ${name}`).get() ?? {})
  database.exec(`pragma ${name} = ${value}`)
  try {
    return await work()
  } finally {
    database.exec(`pragma ${name} = ${before}`)
  }
}
