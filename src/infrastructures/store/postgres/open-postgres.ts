import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import type { Aggregates } from '../aggregate.ts'
import type { StoreDriver } from '../driver.ts'
import { groupedDriver } from '../grouped-driver.ts'
import { readMigrations } from '../migrations.ts'
import { sqlDriver } from '../sql/sql-driver.ts'
import { SchemaMismatch, StoreSetupError } from '../store-errors.ts'
import { PostgresFailure } from './connection-errors.ts'
import { type DatabaseUrl, parseDatabaseUrl } from './database-url.ts'
import { postgresDialect } from './dialect.ts'
import { translateReadError } from './errors.ts'
import { type Connection, checkPostgresSchema, migratePostgres } from './migrate.ts'
import { openDatabase, type PostgresOptions } from './open-database.ts'
import { openSession } from './session.ts'

/** A migration has no time-out. */
const OPTIONS = {
  limits: { statement_timeout: 0, lock_timeout: 0, idle_in_transaction_session_timeout: 0 },
  connectTimeoutMs: 2_000,
}

/**
 * Connects to a server whose schema is what this code needs, after applying what is pending if `migrates`.
 *
 * @throws {DependencyUnavailable} when the server does not answer (yet), or takes no writes (yet)
 * @throws {StoreSetupError} when it never will
 */
export async function openPostgres({
  migrates,
  aggregates,
  ...options
}: PostgresOptions & { migrates: boolean; aggregates: Aggregates }): Promise<StoreDriver> {
  const migrations = readMigrations('postgres')
  await withConnection(parseDatabaseUrl(options.url), async (connection) => {
    if (migrates) await migratePostgres(connection, migrations)
    else await checkPostgresSchema(connection, migrations)
  })
  return groupedDriver(sqlDriver(postgresDialect, openDatabase(options), aggregates))
}

async function withConnection(url: DatabaseUrl, work: (connection: Connection) => Promise<void>): Promise<void> {
  const { client } = await openSession(url, OPTIONS).catch((error) => {
    throw translateStartError(url, error)
  })
  try {
    await work(client)
  } catch (error) {
    throw translateStartError(url, error)
  } finally {
    await client.end()
  }
}

/** Distinguishes a wrong setup from a server that is not up yet, and from a failed migration. */
function translateStartError(url: DatabaseUrl, error: unknown): unknown {
  if (error instanceof SchemaMismatch || !(error instanceof Error)) return error
  const cause = error.cause instanceof Error && !('code' in error) ? error.cause : error
  const failure = error instanceof PostgresFailure ? error : new PostgresFailure(url, [[url.place, cause]])
  if (failure.isFinal) return new StoreSetupError(failure.message)
  const mayHeal = failure === error || translateReadError(cause) instanceof DependencyUnavailable
  return mayHeal ? new DependencyUnavailable('database', { cause: failure }) : error
}
