import type { Document } from 'mongodb'
import type { ListQuery } from '../../../domains/ports/list-query.ts'
import type { Aggregate } from '../aggregate.ts'
import type { Query } from '../documents.ts'
import type { Filter } from '../driver.ts'
import { encode, idOf } from './documents.ts'

type Operator = '$gte' | '$lte' | '$lt'

/**
 * A page by keyset. The bound stands beside the alternative, as only then the index is entered at the position: an `$or` alone
 * makes the server read and sort all that matches.
 */
export function listQuery(aggregate: Aggregate, { filter, sort, after, limit }: ListQuery<Filter>): Query {
  const field = sort.by
  const isDescending = sort.direction === 'descending'
  const matching = matchOf(aggregate, filter)

  if (field === 'updatedAt') bound(matching, field, '$gte', filter['createdFrom'])
  if (after !== null) {
    const beyond = isDescending ? '$lt' : '$gt'
    bound(matching, field, isDescending ? '$lte' : '$gte', after.at)
    matching['$or'] = [{ [field]: { [beyond]: after.at } }, { _id: { [beyond]: idOf(after.id) } }]
  }
  const direction = isDescending ? -1 : 1
  return { filter: matching, sort: { [field]: direction, _id: direction }, limit }
}

/** The query of a filter. */
export function matchOf({ columns, lists }: Aggregate, filter: Filter): Document {
  const values = lists.filters
    .filter((field) => filter[field] !== undefined)
    .map((field) => [field, encode(columns[field], filter[field])])
  const nulls = Object.entries(lists.flags).flatMap(([flag, field]) => (filter[flag] ? [[field, null]] : []))
  const matching: Document = Object.fromEntries([...values, ...nulls])
  bound(matching, 'createdAt', '$gte', filter['createdFrom'])
  bound(matching, 'createdAt', '$lt', filter['createdTo'])
  return matching
}

/** Adds a bound; of two for the same side the tighter one holds. */
function bound(matching: Document, field: string, operator: Operator, value: unknown): void {
  if (value === undefined) return
  const bounds = (matching[field] ?? {}) as Partial<Record<Operator, Date>>
  const [before, next] = [bounds[operator], value as Date]
  const isTighter = before === undefined || (operator === '$gte' ? next > before : next < before)
  matching[field] = isTighter ? { ...bounds, [operator]: next } : bounds
}
