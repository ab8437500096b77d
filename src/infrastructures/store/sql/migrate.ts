import { type Applied, assertNonePending, type Migration, pendingAfter } from '../migrations.ts'
import type { Dialect, Value } from './dialect.ts'

/** What the runner needs of an engine: one connection, and how its table of applied migrations is made and found. */
export type MigratedDatabase = Readonly<{
  dialect: Pick<Dialect, 'parameter' | 'now'>
  /** Gives the name under which the table is found, null or no row where it is not there. */
  findTable: string
  createTable: string
  /** Runs several statements. */
  script(text: string): Promise<void>
  /** Runs one statement, and gives its rows. */
  query(text: string, values?: readonly Value[]): Promise<readonly unknown[]>
  /** Runs the work as one transaction, once all others who do the same have ended. */
  exclusively<Result>(work: () => Promise<Result>): Promise<Result>
  /** @throws when a migration has left what must not be kept */
  verify?: () => void
  /**
   * Runs a migration and remembers it, where a transaction does not take back what alters a schema: step by step, so that
   * whoever comes after a failure or a kill goes on from there. `exclusively` keeps the others out, and takes nothing back.
   */
  resume?: (migration: Migration) => Promise<void>
}>

/**
 * Applies what is pending, all or nothing where the engine can, and returns the names. Others who migrate the same database
 * wait, then find nothing to do; where nothing is pending no lock is taken.
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
