import type { DatabaseSync } from 'node:sqlite'
import { type Applied, failed, type Migration, mustBeNone, pendingAfter } from '../migrations.ts'

const PATIENCE_MS = 30_000

/**
 * Applies what is pending, all or nothing, and returns the names. Others who migrate the same file wait, then find
 * nothing to do; where nothing is pending no lock is taken.
 *
 * @throws {SchemaMismatch} when the database has taken other migrations than these
 */
export function migrateSqlite(database: DatabaseSync, migrations: readonly Migration[]): readonly string[] {
  return withPragma(database, 'busy_timeout', PATIENCE_MS, () => {
    if (pendingIn(database, migrations).length === 0) return []
    return withPragma(database, 'foreign_keys', 0, () => transaction(database, () => applyLocked(database, migrations)))
  })
}

/** @throws {SchemaMismatch} unless the database has taken exactly these migrations */
export function checkSqliteSchema(database: DatabaseSync, migrations: readonly Migration[]): void {
  mustBeNone(pendingIn(database, migrations))
}

function pendingIn(database: DatabaseSync, migrations: readonly Migration[]): readonly Migration[] {
  const table = database.prepare(`select 1 from sqlite_schema where name = 'schema_migrations'`).get()
  if (table === undefined) return migrations
  const applied = database.prepare('select name, checksum from schema_migrations').all()
  return pendingAfter(applied as Applied[], migrations)
}

function applyLocked(database: DatabaseSync, migrations: readonly Migration[]): readonly string[] {
  database.exec(`
    create table if not exists schema_migrations (
      name text primary key not null,
      checksum text not null,
      applied_at integer not null
    ) strict`)
  const pending = pendingIn(database, migrations)
  for (const migration of pending) apply(database, migration)
  return pending.map(({ name }) => name)
}

/** Foreign keys are off meanwhile, as SQLite alters a table by building it anew: so they are checked afterwards. */
function apply(database: DatabaseSync, migration: Migration): void {
  const { name, checksum, sql } = migration
  try {
    database.exec(sql)
    if (database.prepare('pragma foreign_key_check').get()) throw new Error('it leaves rows that refer to nothing')
    database
      .prepare('insert into schema_migrations (name, checksum, applied_at) values (?, ?, ?)')
      .run(name, checksum, Date.now())
  } catch (error) {
    throw failed(migration, error)
  }
}

function transaction<Result>(database: DatabaseSync, work: () => Result): Result {
  database.exec('begin immediate')
  try {
    const result = work()
    database.exec('commit')
    return result
  } finally {
    if (database.isTransaction) database.exec('rollback')
  }
}

function withPragma<Result>(database: DatabaseSync, name: string, value: number, work: () => Result): Result {
  const [before] = Object.values(database.prepare(`pragma ${name}`).get() ?? {})
  database.exec(`pragma ${name} = ${value}`)
  try {
    return work()
  } finally {
    database.exec(`pragma ${name} = ${before}`)
  }
}
