import type { Migration } from '../migrations.ts'
import { checkSchema, type MigratedDatabase, migrate } from '../sql/migrate.ts'
import { postgresDialect } from './dialect.ts'
import { SEARCH_PATH } from './session-settings.ts'

/** One connection, not a pool. A text without values may hold several statements. */
export type Connection = Readonly<{
  query(text: string, values?: unknown[]): Promise<Readonly<{ rows: unknown[] }>>
}>

export const migratePostgres = (connection: Connection, migrations: readonly Migration[]) =>
  migrate(migrated(connection), migrations)

export const checkPostgresSchema = (connection: Connection, migrations: readonly Migration[]) =>
  checkSchema(migrated(connection), migrations)

/** Also where the search path names no schema, see {@link SEARCH_PATH}. */
const TABLE = `case when current_schema() is null then 'public.schema_migrations' else 'schema_migrations' end`

const migrated = (connection: Connection): MigratedDatabase => ({
  dialect: postgresDialect,
  findTable: `select to_regclass(${TABLE})::text as name`,
  createTable: `create table if not exists schema_migrations (
    name text primary key,
    checksum text not null,
    applied_at timestamptz(3) not null default now()
  )`,
  script: async (text) => void (await connection.query(text)),
  query: async (text, values) => (await connection.query(text, values && [...values])).rows,
  exclusively: (work) => transaction(connection, work),
})

/**
 * How a migration begins. It says for itself what it needs, as behind a pooler each transaction may have another session.
 * Read committed, whatever the database's default: after the wait it must see what the others have applied. Neither the
 * wait nor a migration is cut short by a limit that is meant for requests.
 */
const BEGIN = [
  `begin isolation level read committed not deferrable; select set_config('search_path', ${SEARCH_PATH}, true)`,
  `select set_config(name, '0', true) from pg_settings
    where name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')`,
  `select pg_advisory_xact_lock(hashtextextended('schema_migrations', 0))`,
]

async function transaction<Result>(connection: Connection, work: () => Promise<Result>): Promise<Result> {
  try {
    for (const text of BEGIN) await connection.query(text)
    const result = await work()
    await connection.query('commit')
    return result
  } catch (error) {
    await connection.query('rollback').catch(() => {}) // a broken connection has rolled back already
    throw error
  }
}
