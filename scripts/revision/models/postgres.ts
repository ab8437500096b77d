import type * as pg from 'drizzle-orm/pg-core'
import type { Column } from '../../../src/infrastructures/store/aggregate.ts'
import type { Table } from '../../../src/infrastructures/store/table.ts'
import { postgres, sql } from '../drizzle.ts'

type Model = Readonly<Record<string, pg.AnyPgColumn>>
type Columns = [pg.AnyPgColumn, ...pg.AnyPgColumn[]]

const TYPES = {
  uuid: postgres.uuid,
  text: postgres.text,
  json: postgres.json,
  integer: postgres.integer,
  boolean: postgres.boolean,
  time: () => postgres.timestamp({ precision: 3, withTimezone: true }),
}

/** What drizzle-kit needs to know of tables in PostgreSQL. */
export function postgresModels(tables: readonly Table[]): Readonly<Record<string, pg.PgTable>> {
  const models: Record<string, Model> = {}
  for (const table of tables) models[table.name] = modelOf(table, models) as unknown as Model
  return models as unknown as Readonly<Record<string, pg.PgTable>>
}

function modelOf({ name, columns, primaryKey, ...rest }: Table, others: Readonly<Record<string, Model>>): pg.PgTable {
  const [onlyKey] = primaryKey.length === 1 ? primaryKey : []
  const built = Object.entries(columns).map(([column, kind]) => [column, columnOf(kind, column === onlyKey)] as const)

  return postgres.pgTable(name, Object.fromEntries(built), (table) => {
    const of = (names: readonly string[]) => names.map((column) => (table as unknown as Model)[column]) as Columns
    const foreignKeys = rest.foreignKeys.map((key) =>
      postgres.foreignKey({
        name: key.name,
        columns: of([key.column]),
        foreignColumns: [others[key.table]?.['id']] as Columns,
      }),
    )
    const indexes = rest.indexes.map(({ name: index, columns: on, isUnique, where }) => {
      const made = (isUnique ? postgres.uniqueIndex(index) : postgres.index(index)).on(...of(on))
      return where === undefined ? made : made.where(sql.raw(where))
    })
    const checks = rest.checks.map(({ name: check, column, condition }) =>
      postgres.check(check, sql`${of([column])[0]} ${sql.raw(condition)}`),
    )
    const keys = onlyKey === undefined ? [postgres.primaryKey({ name: `${name}_pkey`, columns: of(primaryKey) })] : []
    return [...keys, ...foreignKeys, ...indexes, ...checks]
  })
}

function columnOf({ type, isNullable, default: before }: Column, isKey: boolean): pg.PgColumnBuilderBase {
  const column = TYPES[type]() as pg.PgTextBuilderInitial<'', [string, ...string[]]>
  if (before === 'random') column.default(sql`gen_random_uuid()`)
  else if (before !== undefined) column.default(before as string)
  if (isKey) return column.primaryKey()
  return isNullable ? column : column.notNull()
}
