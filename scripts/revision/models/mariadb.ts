import type * as my from 'drizzle-orm/mysql-core'
import type { Column } from '../../../src/infrastructures/store/aggregate.ts'
import type { Index, Table } from '../../../src/infrastructures/store/table.ts'
import { mysql, sql } from '../drizzle.ts'

type Model = Readonly<Record<string, my.AnyMySqlColumn>>
type Columns = [my.AnyMySqlColumn, ...my.AnyMySqlColumn[]]

/** JSON stays the text that it was: MySQL's own type would write it anew. */
const TYPES = {
  uuid: () => mysql.binary({ length: 16 }),
  text: mysql.longtext,
  json: mysql.longtext,
  integer: mysql.int,
  boolean: mysql.boolean,
  time: () => mysql.datetime({ fsp: 3 }),
}

/** What drizzle-kit needs to know of tables in MariaDB and MySQL. */
export function mariadbModels(tables: readonly Table[]): Readonly<Record<string, my.MySqlTable>> {
  const models: Record<string, Model> = {}
  for (const table of tables) models[table.name] = modelOf(table, models) as unknown as Model
  return models as unknown as Readonly<Record<string, my.MySqlTable>>
}

function modelOf(
  { name, columns, primaryKey, ...rest }: Table,
  others: Readonly<Record<string, Model>>,
): my.MySqlTable {
  const indexed = new Set([...primaryKey, ...rest.indexes.flatMap((index) => indexedBy(index))])
  const built = Object.entries(columns).map(([column, kind]) => [column, columnOf(kind, indexed.has(column))] as const)

  return mysql.mysqlTable(name, Object.fromEntries(built), (table) => {
    const of = (names: readonly string[]) => names.map((column) => (table as unknown as Model)[column]) as Columns
    const foreignKeys = rest.foreignKeys.map((key) =>
      mysql.foreignKey({
        name: key.name,
        columns: of([key.column]),
        foreignColumns: [others[key.table]?.['id']] as Columns,
      }),
    )
    const indexes = rest.indexes.map((index) =>
      (index.isUnique ? mysql.uniqueIndex(index.name) : mysql.index(index.name)).on(...of(indexedBy(index))),
    )
    const checks = rest.checks.map(({ name: check, column, condition }) =>
      mysql.check(check, sql.raw(`\`${column}\` ${condition}`)),
    )
    return [mysql.primaryKey({ name: `${name}_pkey`, columns: of(primaryKey) }), ...foreignKeys, ...indexes, ...checks]
  })
}

/** There are no partial indexes: one for rows without something is sorted by that first, one for rows with it holds all. */
function indexedBy({ columns, where }: Index): readonly string[] {
  const [, missing] = /^(\w+) is null$/.exec(where ?? '') ?? []
  return missing === undefined ? columns : [missing, ...columns]
}

/** Only texts of limited length can be in an index. */
function columnOf({ type, isNullable, default: before }: Column, isIndexed: boolean): my.MySqlColumnBuilderBase {
  const isShort = type === 'text' && (isIndexed || before !== undefined)
  const column = (isShort ? mysql.varchar({ length: 255 }) : TYPES[type]()) as my.MySqlVarCharBuilderInitial<
    '',
    [string, ...string[]],
    255
  >
  if (before !== undefined && before !== 'random') column.default(before as string)
  return isNullable ? column : column.notNull()
}
