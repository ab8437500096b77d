import { DatabaseSync } from 'node:sqlite'
import type { Migration } from '../../src/infrastructures/store/migrations.ts'
import { migratePostgres } from '../../src/infrastructures/store/postgres/migrate.ts'
import type { DialectName } from '../../src/infrastructures/store/sql/dialect.ts'
import { migrateSqlite } from '../../src/infrastructures/store/sqlite/migrate.ts'
import { buildOnMariadb } from './mariadb-builder.ts'
import { createPglite, pgliteConnection } from './pglite.ts'

const POSTGRES = `
  select c.relname || ' column ' || quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
    || case when a.attnotnull then ' not null' else '' end || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
    as line
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
  union all
  select conrelid::regclass || ' constraint ' || conname || ' ' || pg_get_constraintdef(oid)
  from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n'
  union all
  select indexdef from pg_indexes where schemaname = 'public'`

const SQLITE = `
  with tables as (select name, strict from pragma_table_list where schema = 'main' and name not like 'sqlite_%')
  select t.name || iif(strict, ' strict', '') || ' column ' || c.name || ' ' || lower(type) || iif("notnull", ' not null', '')
    || iif(pk, ' primary key', '') || coalesce(' default ' || dflt_value, '') as line
  from tables t, pragma_table_xinfo(t.name) c
  union all
  select t.name || ' foreign key ' || "from" || ' references ' || f."table" || ' ' || "to" || ' ' || on_update || ' ' || on_delete
  from tables t, pragma_foreign_key_list(t.name) f
  union all
  select t.name || iif("unique", ' unique', '') || ' index ' || i.name || ' ' || c.seqno || ' ' || coalesce(c.name, '')
  from tables t, pragma_index_list(t.name) i, pragma_index_info(i.name) c`

type History = readonly Migration[]

/** One line for each column, constraint and index. */
export type Schema = ReadonlySet<string>

/** Builds one history after the other, each in an empty database of that dialect. */
export type Builder = AsyncDisposable & Readonly<{ build(history: History): Promise<Schema> }>

/** Null where there is no such database. */
export const openBuilder: Readonly<Record<DialectName, () => Promise<Builder | null>>> = {
  mariadb: async () => (server === undefined ? null : onServer(server)),
  postgres: openPostgres,
  sqlite: async () => sqlite,
}

const server = process.env['TEST_MARIADB_URL']?.trim() || undefined

const onServer = (url: string): Builder => ({
  build: async (history) => schemaIn(await buildOnMariadb(url, history)),
  async [Symbol.asyncDispose]() {},
})

async function openPostgres(): Promise<Builder> {
  const database = await createPglite()
  const connection = pgliteConnection(database)
  return {
    async build(history) {
      await connection.query('drop schema public cascade; create schema public')
      await migratePostgres(connection, history)
      return schemaIn((await connection.query(POSTGRES)).rows)
    },
    [Symbol.asyncDispose]: () => database.close(),
  }
}

const sqlite: Builder = {
  async build(history) {
    using database = new DatabaseSync(':memory:')
    await migrateSqlite(database, history)
    return schemaIn(database.prepare(SQLITE).all())
  },
  async [Symbol.asyncDispose]() {},
}

function schemaIn(rows: readonly unknown[]): Schema {
  const lines = (rows as { line: string }[]).map(({ line }) => line)
  return new Set(lines.filter((line) => !line.includes('schema_migrations')))
}
