import type * as lite from 'drizzle-orm/sqlite-core'
import type { Column } from '../../../src/infrastructures/store/aggregate.ts'
import type { Table } from '../../../src/infrastructures/store/table.ts'
import { sql, sqlite } from '../drizzle.ts'

type Model = Readonly<Record<string, lite.AnySQLiteColumn>>
type Columns = [lite.AnySQLiteColumn, ...lite.AnySQLiteColumn[]]

/** Ids are UUIDs in lower case, times epoch milliseconds, booleans 0 or 1. */
const TYPES = {
  uuid: sqlite.text,
  text: sqlite.text,
  json: sqlite.text,
  integer: sqlite.integer,
  boolean: sqlite.integer,
  time: sqlite.integer,
}

/** What drizzle-kit needs to know of tables in SQLite. */
export function sqliteModels(tables: readonly Table[]): Readonly<Record<string, lite.SQLiteTable>> {
  const models: Record<string, Model> = {}
  for (const table of tables) models[table.name] = modelOf(table, models) as unknown as Model
  return models as unknown as Readonly<Record<string, lite.SQLiteTable>>
}

function modelOf(
  { name, columns, primaryKey, ...rest }: Table,
  others: Readonly<Record<string, Model>>,
): lite.SQLiteTable {
  const [onlyKey] = primaryKey.length === 1 ? primaryKey : []
  const built = Object.entries(columns).map(([column, kind]) => [column, columnOf(kind, column === onlyKey)] as const)
  const booleans = Object.entries(columns).filter(([, { type }]) => type === 'boolean')
  const bits = booleans.map(([column]) => ({ name: `${name}_${column}_check`, column, condition: 'in (0, 1)' }))

  return sqlite.sqliteTable(name, Object.fromEntries(built), (table) => {
    const of = (names: readonly string[]) => names.map((column) => (table as unknown as Model)[column]) as Columns
    const foreignKeys = rest.foreignKeys.map((key) =>
      sqlite.foreignKey({
        name: key.name,
        columns: of([key.column]),
        foreignColumns: [others[key.table]?.['id']] as Columns,
      }),
    )
    const indexes = rest.indexes.map(({ name: index, columns: on, isUnique, where }) => {
      const made = (isUnique ? sqlite.uniqueIndex(index) : sqlite.index(index)).on(...of(on))
      return where === undefined ? made : made.where(sql.raw(where))
    })
    const checks = [...rest.checks, ...bits].map(({ name: check, column, condition }) =>
      sqlite.check(check, sql`${of([column])[0]} ${sql.raw(condition)}`),
    )
    const keys = onlyKey === undefined ? [sqlite.primaryKey({ name: `${name}_pkey`, columns: of(primaryKey) })] : []
    return [...keys, ...foreignKeys, ...indexes, ...checks]
  })
}

function columnOf({ type, isNullable, default: before }: Column, isKey: boolean): lite.SQLiteColumnBuilderBase {
  const column = TYPES[type]() as lite.SQLiteTextBuilderInitial<'', [string, ...string[]], number | undefined>
  if (before !== undefined && before !== 'random') column.default(before as string)
  if (isKey) column.primaryKey()
  return isNullable ? column : column.notNull()
}
