import { type Aggregate, type Column, integer } from './aggregate.ts'

export type Index = Readonly<{ name: string; columns: readonly string[]; isUnique?: boolean; where?: string }>
type ForeignKey = Readonly<{ name: string; column: string; table: string }>
/** A check constraint of a column: `condition` follows its name. */
type Check = Readonly<{ name: string; column: string; condition: string }>

/** A table as migrations make it, in every SQL engine: names are those of the database. */
export type Table = Readonly<{
  name: string
  columns: Readonly<Record<string, Column>>
  primaryKey: readonly string[]
  foreignKeys: readonly ForeignKey[]
  indexes: readonly Index[]
  checks: readonly Check[]
}>

/** The column of `fullName` is `full_name`. */
export const columnOf = (field: string): string => field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** The table of an aggregate: each way to list it is served by an index. */
export function tableOf({ table: name, columns, owner, references, sequence, lists, removed }: Aggregate): Table {
  const by = lists.requiredFilter === null ? [] : [columnOf(lists.requiredFilter)]
  const ways = [...(lists.requiredFilter === null ? [[]] : []), ...lists.filters.map((field) => [columnOf(field)])]
  const listed = ways
    .flatMap((way) => lists.orders.map((order) => [...way, columnOf(order)]))
    .map((key) => ({ name: `${[name, ...key].join('_')}_idx`, columns: [...key, 'id'] }))
  const flagged = Object.entries(lists.flags).map(([flag, field]) => ({
    name: `${name}_${flag}_idx`,
    columns: [...by, 'created_at', 'id'],
    where: `${columnOf(field)} is null`,
  }))
  const numbered = sequence === null || owner === null ? [] : [columnOf(owner.field), sequence]
  const unique = { name: `${name}_${numbered.join('_')}_key`, columns: numbered, isUnique: true }
  const foreignKey = (column: string, table: string) => ({ name: `${name}_${column}_fkey`, column, table })

  return {
    name,
    columns: {
      ...Object.fromEntries(Object.entries(columns).map(([field, column]) => [columnOf(field), column])),
      ...(sequence !== null && { [sequence]: integer }),
    },
    primaryKey: ['id'],
    foreignKeys: references.map(({ field, to }) => foreignKey(columnOf(field), to.table)),
    indexes: [...listed, ...flagged, ...(numbered.length > 0 ? [unique] : [])],
    checks: removed === null ? [] : [versionCheck(name)],
  }
}

export const versionCheck = (table: string): Check => ({
  name: `${table}_version_check`,
  column: 'version',
  condition: '> 0',
})
