import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { DialectName } from './sql/dialect.ts'
import { SchemaMismatch } from './store-errors.ts'

const ROOT = new URL('../../../migrations/', import.meta.url)

/**
 * One step of a schema. It never changes once a database has applied it, which stores its checksum. The text is SQL, or for an engine
 * without SQL commands in JSON.
 */
export type Migration = Readonly<{ name: string; sql: string; checksum: string }>

export const Migration = {
  of(name: string, text: string): Migration {
    const sql = text.replaceAll('\r\n', '\n')
    return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
  },
}

/** The record of an applied migration. */
export type Applied = Pick<Migration, 'name' | 'checksum'>

/** The migrations of an engine, in the order in which they are applied. */
export function readMigrations(engine: DialectName | 'mongodb'): readonly Migration[] {
  const folder = new URL(`${engine}/`, ROOT)
  const ending = engine === 'mongodb' ? '.json' : '.sql'
  const files = readdirSync(folder).filter((file) => file.endsWith(ending))
  return files
    .sort()
    .map((file) => Migration.of(file.slice(0, -ending.length), readFileSync(new URL(file, folder), 'utf8')))
}

/**
 * The pending migrations.
 *
 * @throws {SchemaMismatch} unless the database has applied exactly the first of these migrations
 */
export function pendingAfter(applied: readonly Applied[], migrations: readonly Migration[]): readonly Migration[] {
  const known = new Map(migrations.map(({ name, checksum }) => [name, checksum]))
  for (const { name, checksum } of applied) {
    if (!known.has(name)) throw newerThanCode(name)
    if (known.get(name) !== checksum) throw changed(name)
  }
  const pending = migrations.slice(applied.length)
  const taken = new Set(applied.map(({ name }) => name))
  for (const { name } of migrations.slice(0, applied.length)) if (!taken.has(name)) throw skipped(name)
  return pending
}

/** @throws {SchemaMismatch} when something is pending */
export function assertNonePending(pending: readonly Migration[]): void {
  if (pending.length === 0) return
  const names = pending.map(({ name }) => name).join(', ')
  throw new SchemaMismatch(
    `The database is older than this code, which also needs: ${names}.`,
    'Run: npm run db:migrate',
  )
}

const newerThanCode = (name: string): SchemaMismatch =>
  new SchemaMismatch(`The database is newer than this code, which does not know migration ${name}.`, 'Run newer code.')

const changed = (name: string): SchemaMismatch =>
  new SchemaMismatch(
    `Migration ${name} was changed after the database had taken it.`,
    'Restore its file, and write the change as a new migration: npm run db:revision -- <name>',
  )

const skipped = (name: string): SchemaMismatch =>
  new SchemaMismatch(
    `Migration ${name} comes before others that the database has already taken.`,
    'Write it again as the last one: npm run db:revision -- <name>',
  )
