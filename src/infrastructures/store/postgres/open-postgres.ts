import { Client } from 'pg'
import type { StoreDriver } from '../driver.ts'
import { readMigrations } from '../migrations.ts'
import { translateReadError } from './errors.ts'
import { checkPostgresSchema, migratePostgres } from './migrate.ts'
import { openDatabase, type PostgresOptions } from './open-database.ts'
import { postgresDriver } from './postgres-driver.ts'

/**
 * Connects to a server whose schema is what this code needs, after applying what is pending if `migrates`.
 *
 * @throws {DependencyUnavailable} when the server does not answer (yet)
 */
export async function openPostgres({
  migrates,
  ...options
}: PostgresOptions & { migrates: boolean }): Promise<StoreDriver> {
  const migrations = readMigrations('postgres')
  await withConnection(options.url, async (connection) => {
    if (migrates) await migratePostgres(connection, migrations)
    else await checkPostgresSchema(connection, migrations)
  })
  return postgresDriver(openDatabase(options))
}

async function withConnection(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url, application_name: 'forum', connectionTimeoutMillis: 2_000 })
  client.on('error', () => {}) // a query in flight is rejected with the same error
  await client.connect().catch((error) => {
    throw translateReadError(error)
  })
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
