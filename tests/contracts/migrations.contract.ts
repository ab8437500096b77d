import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { modelsOf } from '../../scripts/revision/models.ts'
import { Migration, readMigrations } from '../../src/infrastructures/store/migrations.ts'
import type { DialectName } from '../../src/infrastructures/store/sql/dialect.ts'
import { SchemaMismatch } from '../../src/infrastructures/store/store-errors.ts'

/** A database that no one else uses, empty at first. */
export type EmptyDatabase = AsyncDisposable &
  Readonly<{
    migrate(migrations: readonly Migration[]): Promise<readonly string[]>
    check(migrations: readonly Migration[]): Promise<void>
    tables(): Promise<readonly string[]>
  }>

/** `processes`: how other processes reach the database; null where only one process can. */
export type Engine<Database extends EmptyDatabase> = Readonly<{
  dialect: DialectName
  open(): Promise<Database>
  processes: Readonly<{ addressOf(database: Database): string; slow: string }> | null
}>

export const first = Migration.of('0001_first', 'create table one (id integer); create table two (id integer);')
export const second = Migration.of('0002_second', 'create table three (id integer);')
const mended = Migration.of('0001_first', 'create table uno (id integer);')
export const broken = Migration.of('0002_second', 'create table three (id integer); create table one (id integer);')

const mismatch = (message: RegExp, hint: RegExp) => (error: unknown) => {
  assert(error instanceof SchemaMismatch)
  assert.match(error.message, message)
  assert.match(error.hint, hint)
  return true
}

export function migratesOnce<Database extends EmptyDatabase>({ dialect, open }: Engine<Database>): void {
  it('applies what is pending, in order, and the second time nothing', async () => {
    await using database = await open()

    assert.deepEqual(await database.migrate([first]), ['0001_first'])
    assert.deepEqual(await database.migrate([first, second]), ['0002_second'])
    assert.deepEqual(await database.migrate([first, second]), [])
    assert.deepEqual(await database.tables(), ['one', 'schema_migrations', 'three', 'two'])
  })

  it('builds the tables of all models', async () => {
    await using database = await open()

    await database.migrate(readMigrations(dialect))

    assert.deepEqual(await database.tables(), [...Object.keys(modelsOf(dialect)), 'schema_migrations'].sort())
    await database.check(readMigrations(dialect))
  })
}

export function keepsAllOrNone<Database extends EmptyDatabase>({ open }: Engine<Database>): void {
  it('keeps none when one of them fails, says which, and converges once it is mended', async () => {
    await using database = await open()

    await assert.rejects(
      database.migrate([first, broken]),
      /^Error: Migration 0002_second failed, none was kept: .*one/,
    )

    assert.deepEqual(await database.tables(), [])
    assert.deepEqual(await database.migrate([first, second]), ['0001_first', '0002_second'])
  })
}

export function refusesMismatches<Database extends EmptyDatabase>({ open }: Engine<Database>): void {
  it('refuses a migration that was changed after it had been applied', async () => {
    await using database = await open()
    await database.migrate([first])

    await assert.rejects(database.migrate([mended, second]), mismatch(/0001_first was changed/, /db:revision/))
    await assert.rejects(database.check([mended]), mismatch(/0001_first was changed/, /db:revision/))

    assert.deepEqual(await database.tables(), ['one', 'schema_migrations', 'two'])
  })

  it('refuses a database that is newer than the code', async () => {
    await using database = await open()
    await database.migrate([first, second])

    await assert.rejects(database.migrate([first]), mismatch(/newer than this code.*0002_second/, /newer code/))
    await assert.rejects(database.check([first]), mismatch(/newer than this code.*0002_second/, /newer code/))
  })

  it('refuses a migration that was put before applied ones', async () => {
    await using database = await open()
    await database.migrate([second])

    await assert.rejects(database.migrate([first, second]), mismatch(/0001_first comes before/, /db:revision/))
  })

  it('refuses, when it may only check, a database that lacks a migration, and changes nothing', async () => {
    await using database = await open()

    await assert.rejects(database.check([first]), mismatch(/older than this code.*0001_first/, /npm run db:migrate/))
    assert.deepEqual(await database.tables(), [])

    await database.migrate([first])
    await assert.rejects(database.check([first, second]), mismatch(/: 0002_second/, /npm run db:migrate/))
    await database.check([first])
  })
}

/** Promises that only processes of their own, which start and die as they like, can put to the test. */
export function survivesProcesses<Database extends EmptyDatabase>({
  dialect,
  open,
  processes,
}: Engine<Database>): void {
  if (processes === null) {
    it('applies once when ten processes start at once, and converges after a kill', { skip: 'one process only' })
    return
  }
  const { addressOf, slow } = processes
  const started = (database: Database, ...migrations: readonly Migration[]) =>
    migrateElsewhere(dialect, addressOf(database), migrations)

  it('applies once when ten processes start at once', async () => {
    await using database = await open()
    const takesTime = Migration.of('0002_slow', `select ${slow}; create table three (id integer);`)

    const ended = await Promise.all(Array.from({ length: 10 }, () => started(database, first, takesTime)))

    const applied = ended.map(({ output }) => output).sort()
    assert.deepEqual(applied, ['["0001_first","0002_slow"]', ...Array(9).fill('[]')].sort(), ended[0]?.errors)
    await database.check([first, takesTime])
  })

  it('converges after a kill in the middle', async () => {
    await using database = await open()
    const deadly = Migration.of('0002_second', `${second.sql} ${DIE[dialect]};`)

    const { signal, errors } = await started(database, first, deadly)

    assert.equal(signal, 'SIGKILL', errors)
    const left = dialect === 'mariadb' ? ['0002_second'] : ['0001_first', '0002_second']
    assert.deepEqual(await database.migrate([first, second]), left)
    await database.check([first, second])
  })
}

/** Kills the process that is about to get the answer to a migration. */
const DIE: Readonly<Record<DialectName, string>> = {
  mariadb: 'do 0 -- die()\n',
  postgres: '-- die()',
  sqlite: 'select die()',
}

async function migrateElsewhere(dialect: DialectName, address: string, migrations: readonly Migration[]) {
  const script = fileURLToPath(new URL('migration-process.ts', import.meta.url))
  const child = spawn(process.execPath, [script, dialect, address])
  child.stdin.end(JSON.stringify(migrations.map(({ name, sql }) => [name, sql])))
  const [output, errors, [, signal]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { output: output.trim(), errors, signal }
}
