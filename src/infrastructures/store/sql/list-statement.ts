import type { ListQuery } from '../../../domains/ports/list-query.ts'
import type { Aggregate, ColumnType } from '../aggregate.ts'
import type { Filter } from '../driver.ts'
import { columnOf } from '../table.ts'
import { selection } from './columns.ts'
import type { Dialect, Value } from './dialect.ts'
import { inPlace } from './statement.ts'

/** Text and values, as they are passed to a database. */
type Query = readonly [text: string, values: readonly Value[]]

/**
 * A page by keyset: the index on the sorted column and the id is entered at the position and read for `limit` rows,
 * so a page deep in a table costs what the first one costs. The limit stands in the text because a planner that does
 * not know it may prefer to sort the table.
 */
export function listStatement(
  dialect: Dialect,
  aggregate: Aggregate,
  { filter, sort, after, limit }: ListQuery<Filter>,
): Query {
  const column = columnOf(sort.by)
  const [direction, side] = sort.direction === 'descending' ? (['desc', '<'] as const) : (['asc', '>'] as const)
  const { conditions, values, bind } = filterConditions(dialect, aggregate, filter)

  if (column === 'updated_at' && filter['createdFrom'] !== undefined)
    conditions.push(`updated_at >= ${bind(filter['createdFrom'], 'time')}`)
  if (after !== null)
    conditions.push(dialect.beyond([column, 'id'], side, [bind(after.at, 'time'), bind(after.id, 'uuid')]))

  const order = `order by ${column} ${direction}, id ${direction} limit ${Math.trunc(limit)}`
  return inPlace(
    dialect,
    `select ${selection(aggregate)} from ${aggregate.table} ${where(conditions)} ${order}`,
    values,
  )
}

/** How many rows match. */
export function countStatement(dialect: Dialect, aggregate: Aggregate, filter: Filter): Query {
  const { conditions, values } = filterConditions(dialect, aggregate, filter)
  return inPlace(dialect, `select count(*) as total from ${aggregate.table} ${where(conditions)}`, values)
}

function filterConditions(dialect: Dialect, { columns, lists }: Aggregate, filter: Filter) {
  const values: Value[] = []
  const conditions: string[] = []
  const bind = (value: unknown, type: ColumnType = 'uuid'): string =>
    dialect.parameter(values.push(dialect.encode(type, value)), type)

  const { createdFrom, createdTo } = filter
  for (const field of lists.filters.filter((name) => filter[name] !== undefined))
    conditions.push(`${columnOf(field)} = ${bind(filter[field], columns[field]?.type)}`)
  for (const [flag, field] of Object.entries(lists.flags))
    if (filter[flag]) conditions.push(`${columnOf(field)} is null`)
  if (createdFrom !== undefined) conditions.push(`created_at >= ${bind(createdFrom, 'time')}`)
  if (createdTo !== undefined) conditions.push(`created_at < ${bind(createdTo, 'time')}`)
  return { conditions, values, bind }
}

const where = (conditions: readonly string[]): string =>
  conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`
