import { type Applied, failed, type Migration, mustBeNone, pendingAfter } from '../migrations.ts'
import { SEARCH_PATH } from './session-settings.ts'

/** One connection, not a pool. A text without values may hold several statements. */
export type Connection = Readonly<{
  query(text: string, values?: unknown[]): Promise<Readonly<{ rows: unknown[] }>>
}>

/** Also where the search path names no schema, see {@link SEARCH_PATH}. */
const TABLE = `case when current_schema() is null then 'public.schema_migrations' else 'schema_migrations' end`

/**
 * Applies what is pending, all or nothing, and returns the names. Others who migrate the same database wait, then find
 * nothing to do; where nothing is pending no lock is taken.
 *
 * @throws {SchemaMismatch} when the database has taken other migrations than these
 */
export async function migratePostgres(connection: Connection, migrations: readonly Migration[]) {
  const isUpToDate = (await pendingIn(connection, migrations)).length === 0
  return isUpToDate ? [] : transaction(connection, () => applyLocked(connection, migrations))
}

/** @throws {SchemaMismatch} unless the database has taken exactly these migrations */
export async function checkPostgresSchema(connection: Connection, migrations: readonly Migration[]): Promise<void> {
  mustBeNone(await pendingIn(connection, migrations))
}

async function pendingIn(connection: Connection, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  const { rows: found } = await connection.query(`select to_regclass(${TABLE})::text as name`)
  const { name } = found[0] as { name: string | null }
  if (name === null) return migrations
  const { rows } = await connection.query(`select name, checksum from ${name}`)
  return pendingAfter(rows as Applied[], migrations)
}

async function applyLocked(connection: Connection, migrations: readonly Migration[]): Promise<readonly string[]> {
  await waitForTurn(connection)
  await connection.query(`
    create table if not exists schema_migrations (
      name text primary key,
      checksum text not null,
      applied_at timestamptz(3) not null default now()
    )`)
  const pending = await pendingIn(connection, migrations)
  for (const migration of pending) await apply(connection, migration)
  return pending.map(({ name }) => name)
}

/** Neither the wait nor a migration is cut short by a limit that is meant for requests. */
async function waitForTurn(connection: Connection): Promise<void> {
  await connection.query(`
    select set_config(name, '0', true) from pg_settings
    where name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')`)
  await connection.query(`select pg_advisory_xact_lock(hashtextextended('schema_migrations', 0))`)
}

async function apply(connection: Connection, migration: Migration): Promise<void> {
  const { name, checksum, sql } = migration
  try {
    await connection.query(sql)
    await connection.query('insert into schema_migrations (name, checksum) values ($1, $2)', [name, checksum])
  } catch (error) {
    throw failed(migration, error)
  }
}

/**
 * Says for itself what it needs, as behind a pooler each transaction may have another session. Read committed, whatever
 * the database's default: after the wait it must see what the others have applied.
 */
async function transaction<Result>(connection: Connection, work: () => Promise<Result>): Promise<Result> {
  await connection.query(
    `begin isolation level read committed not deferrable; select set_config('search_path', ${SEARCH_PATH}, true)`,
  )
  try {
    const result = await work()
    await connection.query('commit')
    return result
  } catch (error) {
    await connection.query('rollback').catch(() => {}) // a broken connection has rolled back already
    throw error
  }
}
