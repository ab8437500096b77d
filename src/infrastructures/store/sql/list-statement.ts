import type { ListQuery } from '../../../domains/ports/list-query.ts'
import type { Aggregate } from '../aggregate.ts'
import type { Filter } from '../driver.ts'
import { columnOf } from '../table.ts'
import type { Bind, Dialect } from './dialect.ts'
import { prepare, type Query, selection } from './statement.ts'

/**
 * A page by keyset: the index on the sorted column and the id is entered at the position and read for `limit` rows,
 * so a page deep in a table costs what the first one costs. The limit stands in the text because a planner that does
 * not know it may prefer to sort the table.
 */
export function listStatement(dialect: Dialect, aggregate: Aggregate, query: ListQuery<Filter>): Query {
  const { filter, sort, after, limit } = query
  const column = columnOf(sort.by)
  const [direction, side] = sort.direction === 'descending' ? (['desc', '<'] as const) : (['asc', '>'] as const)
  const list = prepare<Filter>(dialect, (bind) => {
    const conditions = conditionsOf(aggregate, filter, bind)
    if (column === 'updated_at' && filter['createdFrom'] !== undefined)
      conditions.push(`updated_at >= ${bind('createdFrom', 'time')}`)
    if (after !== null)
      conditions.push(
        dialect.beyond([column, 'id'], side, [bind(() => after.at, 'time'), bind(() => after.id, 'uuid')]),
      )
    return `select ${selection(aggregate)} from ${aggregate.table} ${where(conditions)}
      order by ${column} ${direction}, id ${direction} limit ${Math.trunc(limit)}`
  })
  return list.with(filter)
}

/** How many rows match. */
export function countStatement(dialect: Dialect, aggregate: Aggregate, filter: Filter): Query {
  const count = (bind: Bind<Filter>) =>
    `select count(*) as total from ${aggregate.table} ${where(conditionsOf(aggregate, filter, bind))}`
  return prepare(dialect, count).with(filter)
}

function conditionsOf({ columns, lists }: Aggregate, filter: Filter, bind: Bind<Filter>): string[] {
  const conditions: string[] = []
  for (const field of lists.filters.filter((name) => filter[name] !== undefined))
    conditions.push(`${columnOf(field)} = ${bind(field, columns[field]?.type ?? 'uuid')}`)
  for (const [flag, field] of Object.entries(lists.flags))
    if (filter[flag]) conditions.push(`${columnOf(field)} is null`)
  if (filter['createdFrom'] !== undefined) conditions.push(`created_at >= ${bind('createdFrom', 'time')}`)
  if (filter['createdTo'] !== undefined) conditions.push(`created_at < ${bind('createdTo', 'time')}`)
  return conditions
}

const where = (conditions: readonly string[]): string =>
  conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`
