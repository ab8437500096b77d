import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import { ServerSetupError } from '../../connection/server-setup-error.ts'
import { tlsSetupError } from '../../connection/tls-setup-error.ts'
import type { Aggregates } from '../aggregate.ts'
import type { StoreDriver } from '../driver.ts'
import { groupedDriver } from '../grouped-driver.ts'
import { readMigrations } from '../migrations.ts'
import { sqlDriver } from '../sql/sql-driver.ts'
import { SchemaMismatch, StoreSetupError } from '../store-errors.ts'
import { type DatabaseUrl, parseDatabaseUrl } from './database-url.ts'
import { mariadbDialect } from './dialect.ts'
import { isPermanent, translateError } from './errors.ts'
import { checkMariadbSchema, migrateMariadb } from './migrate.ts'
import { type MariadbOptions, openDatabase } from './open-database.ts'
import { openSession } from './session.ts'

type Options = MariadbOptions & Readonly<{ migrates: boolean; aggregates: Aggregates }>

/**
 * Connects to a server whose schema is what this code needs, after applying what is pending if `migrates`.
 *
 * @throws {DependencyUnavailable} when the server does not answer (yet)
 * @throws {StoreSetupError} when it never will
 */
export async function openMariadb({ migrates, aggregates, ...options }: Options): Promise<StoreDriver> {
  const url = parseDatabaseUrl(options.url)
  const migrations = readMigrations('mariadb')
  try {
    const session = await openSession(url, { commitsEach: false, limits: null, onIdleError: () => {} })
    try {
      if (migrates) await migrateMariadb(session, migrations)
      else await checkMariadbSchema(session, migrations)
    } finally {
      await session.close()
    }
  } catch (error) {
    throw translateStartError(url, error)
  }
  return groupedDriver(sqlDriver(mariadbDialect, openDatabase(options), aggregates))
}

/** Distinguishes a wrong setup from a server that is not up yet, and from a failed migration. */
function translateStartError({ product, place }: DatabaseUrl, error: unknown): unknown {
  if (error instanceof SchemaMismatch || !(error instanceof Error)) return error
  const setupError = error instanceof ServerSetupError ? error : tlsSetupError(error.cause ?? error)
  const why = (setupError ?? error).message.replaceAll(/\s+/g, ' ')
  if (setupError !== null || isPermanent(error)) {
    return new StoreSetupError(`DATABASE_URL ${product.toLowerCase()}://${place}: ${why}`)
  }
  if (!(translateError(error.cause ?? error) instanceof DependencyUnavailable)) return error
  const cause = new Error(`${product} at ${place} (DATABASE_URL): ${why}`, { cause: error })
  return new DependencyUnavailable('database', { cause })
}
