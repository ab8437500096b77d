import { type Applied, assertNonePending, type Migration, pendingAfter } from '../migrations.ts'
import type { Dialect, Value } from './dialect.ts'

/** What an engine must implement to run migrations: one connection, and how its table of applied migrations is made and found. */
export type MigratedDatabase = Readonly<{
  dialect: Pick<Dialect, 'parameter' | 'now'>
  /** Gives the name under which the table is found, null or no row where it is not there. */
  findTable: string
  createTable: string
  /** Runs several statements. */
  script(text: string): Promise<void>
  /** Runs one statement, and gives its rows. */
  query(text: string, values?: readonly Value[]): Promise<readonly unknown[]>
  /** Runs the work as one transaction, after all other processes that migrate have ended. */
  exclusively<Result>(work: () => Promise<Result>): Promise<Result>
  /** @throws when a migration has left invalid rows */
  verify?: () => void
  /**
   * Runs and records a migration in an engine whose DDL does not roll back: step by step, so that the next run continues after a
   * failure or a kill. `exclusively` then only locks, and does not roll back.
   */
  resume?: (migration: Migration) => Promise<void>
}>

/**
 * Applies the pending migrations, all or none if the engine can, and returns their names. Other processes that migrate the same
 * database wait, then find nothing to do; without pending migrations it takes no lock.
 *
 * @throws {SchemaMismatch} when the database has taken other migrations than these
 */
export async function migrate(
  database: MigratedDatabase,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  if ((await pendingIn(database, migrations)).length === 0) return []
  return database.exclusively(async () => {
    await database.script(database.createTable)
    const pending = await pendingIn(database, migrations)
    for (const migration of pending) await (database.resume?.(migration) ?? apply(database, migration))
    return pending.map(({ name }) => name)
  })
}

/** @throws {SchemaMismatch} unless the database has taken exactly these migrations */
export async function checkSchema(database: MigratedDatabase, migrations: readonly Migration[]): Promise<void> {
  assertNonePending(await pendingIn(database, migrations))
}

async function pendingIn({ query, findTable }: MigratedDatabase, migrations: readonly Migration[]) {
  const [found] = (await query(findTable)) as { name: string | null }[]
  const applied = found?.name
    ? await query(`select name, checksum from ${found.name} where applied_at is not null`)
    : []
  return pendingAfter(applied as Applied[], migrations)
}

async function apply(
  { script, query, verify, dialect }: MigratedDatabase,
  { name, sql, checksum }: Migration,
): Promise<void> {
  const values = [dialect.parameter(1, 'text'), dialect.parameter(2, 'text'), dialect.now]
  try {
    await script(sql)
    verify?.()
    await query(`insert into schema_migrations (name, checksum, applied_at) values (${values})`, [name, checksum])
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : cause
    throw new Error(`Migration ${name} failed, none was kept: ${message}`, { cause })
  }
}
