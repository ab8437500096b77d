import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import type { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { createPglite, pgliteConnection } from '../../scripts/revision/pglite.ts'
import { Migration } from '../../src/infrastructures/store/migrations.ts'
import {
  type Connection,
  checkPostgresSchema,
  migratePostgres,
} from '../../src/infrastructures/store/postgres/migrate.ts'
import { checkSqliteSchema, migrateSqlite } from '../../src/infrastructures/store/sqlite/migrate.ts'
import { postgresUrl, skipWithout } from '../kit/engines.ts'
import {
  type EmptyDatabase,
  type Engine,
  keepsAllOrNone,
  migratesOnce,
  refusesMismatches,
  survivesProcesses,
} from './migrations.contract.ts'

const TABLES = {
  sqlite: `select name from sqlite_schema where type = 'table' order by name`,
  postgres: `select tablename as name from pg_tables where schemaname = 'public' order by tablename`,
}

const names = (rows: readonly unknown[]): readonly string[] => (rows as { name: string }[]).map(({ name }) => name)

type SqliteFile = EmptyDatabase & Readonly<{ file: string; database: DatabaseSync }>

async function openSqlite(): Promise<SqliteFile> {
  const folder = mkdtempSync(join(tmpdir(), 'migrations-'))
  const file = join(folder, 'forum.db')
  const database = new DatabaseSync(file)
  return {
    file,
    database,
    migrate: async (migrations) => migrateSqlite(database, migrations),
    check: async (migrations) => checkSqliteSchema(database, migrations),
    tables: async () => names(database.prepare(TABLES.sqlite).all()),
    async [Symbol.asyncDispose]() {
      database.close()
      rmSync(folder, { recursive: true })
    },
  }
}

const onPostgres = (connection: Connection, dispose: () => Promise<void>): EmptyDatabase => ({
  migrate: (migrations) => migratePostgres(connection, migrations),
  check: (migrations) => checkPostgresSchema(connection, migrations),
  tables: async () => names((await connection.query(TABLES.postgres)).rows),
  [Symbol.asyncDispose]: dispose,
})

/** A database of its own on the server, whose defaults are the least helpful ones that an operator may have set. */
async function openServer(): Promise<EmptyDatabase & { url: string }> {
  const name = `migrations_${randomUUID().replaceAll('-', '')}`
  const url = Object.assign(new URL(postgresUrl as string), { pathname: `/${name}` }).href
  await onServer(`create database ${name}`)
  await onServer(`alter database ${name} set statement_timeout = '200ms'`)
  await onServer(`alter database ${name} set lock_timeout = '200ms'`)
  await onServer(`alter database ${name} set default_transaction_isolation = 'serializable'`)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const dispose = () => client.end().then(() => onServer(`drop database ${name} with (force)`))
  return { url, ...onPostgres(client, dispose) }
}

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl as string })
  await client.connect()
  await client.query(sql).finally(() => client.end())
}

const sqlite: Engine<SqliteFile> = {
  dialect: 'sqlite',
  open: openSqlite,
  processes: { addressOf: ({ file }) => file, slow: 'slow()' },
}

it('knows a migration by its text, however a checkout ends the lines', () => {
  assert.deepEqual(Migration.of('0001_first', 'select 1;\r\n'), Migration.of('0001_first', 'select 1;\n'))
})

describe('migrations of SQLite', { skip: skipWithout('sqlite') }, () => {
  migratesOnce(sqlite)
  keepsAllOrNone(sqlite)
  refusesMismatches(sqlite)
  survivesProcesses(sqlite)
  buildsTablesAnew()
})

describe('migrations of PostgreSQL, on PGlite', { skip: skipWithout('pglite') }, () => {
  let database: PGlite
  before(async () => {
    database = await createPglite()
  })
  after(() => database.close())
  const engine: Engine<EmptyDatabase> = {
    dialect: 'postgres',
    async open() {
      await database.exec('drop schema public cascade; create schema public')
      return onPostgres(pgliteConnection(database), async () => {})
    },
    processes: null,
  }

  migratesOnce(engine)
  keepsAllOrNone(engine)
  refusesMismatches(engine)
  survivesProcesses(engine)
})

describe('migrations of PostgreSQL, on a server', { skip: skipWithout('postgres') }, () => {
  const engine: Engine<EmptyDatabase & { url: string }> = {
    dialect: 'postgres',
    open: openServer,
    processes: { addressOf: ({ url }) => url, slow: 'pg_sleep(0.5)' },
  }
  migratesOnce(engine)
  keepsAllOrNone(engine)
  refusesMismatches(engine)
  survivesProcesses(engine)
})

/** As SQLite alters a table: a copy takes its place. */
function buildsTablesAnew(): void {
  const original = Migration.of(
    '0001_original',
    `create table author (id integer primary key);
     create table book (author integer not null references author (id));
     insert into author values (1), (2);
     insert into book values (1);`,
  )
  const rebuilt = (rows: string) =>
    Migration.of(
      '0002_rebuilt',
      `create table author_anew (id integer primary key, name text);
       insert into author_anew (id) select id from author where ${rows};
       drop table author;
       alter table author_anew rename to author;`,
    )

  it('builds a table anew although others refer to it', async () => {
    await using sqlite = await openSqlite()
    await sqlite.migrate([original])

    assert.deepEqual(await sqlite.migrate([original, rebuilt('true')]), ['0002_rebuilt'])

    assert.throws(() => sqlite.database.exec('insert into book values (3)'), /FOREIGN KEY/)
    sqlite.database.exec('insert into book values (2)')
  })

  it('refuses a migration that leaves rows which refer to nothing', async () => {
    await using sqlite = await openSqlite()
    await sqlite.migrate([original])

    await assert.rejects(sqlite.migrate([original, rebuilt('id = 2')]), /0002_rebuilt failed.*broken foreign keys/)

    assert.equal(sqlite.database.prepare('select id from author').all().length, 2)
    assert.throws(() => sqlite.database.exec('insert into book values (3)'), /FOREIGN KEY/)
  })
}
