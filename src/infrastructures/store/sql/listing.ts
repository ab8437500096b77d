import type { CommentFilter } from '../../../domains/ports/comment-repository.ts'
import type { Listing } from '../../../domains/ports/listing.ts'
import { COLUMNS } from './columns.ts'

type Filter = CommentFilter
type Value = string | Date

/** How an engine writes its first, second, … parameter: `$1` or `?1`. */
export type Marker = '$' | '?'

export type Query = Readonly<{ text: string; values: readonly Value[] }>

/**
 * A page by keyset: the index on the sorted column and the id is entered at the position and read for `limit` rows,
 * so a page deep in a table costs what the first one costs. The limit stands in the text because a planner that does
 * not know it may prefer to sort the table.
 */
export function listQuery(
  marker: Marker,
  table: 'posts' | 'comments',
  { filter, sort, after, limit }: Listing<Filter>,
): Query {
  const column = sort.endsWith('createdAt') ? 'created_at' : 'updated_at'
  const [direction, beyond] = sort.startsWith('-') ? ['desc', '<'] : ['asc', '>']
  const { conditions, values, bind } = filterConditions(marker, filter)

  if (column === 'updated_at' && filter.createdFrom !== undefined) {
    conditions.push(`updated_at >= ${bind(filter.createdFrom)}`)
  }
  if (after !== null) conditions.push(`(${column}, id) ${beyond} (${bind(after.at)}, ${bind(after.id)})`)

  const order = `order by ${column} ${direction}, id ${direction} limit ${Math.trunc(limit)}`
  return { text: `select ${COLUMNS[table]} from ${table} ${where(conditions)} ${order}`, values }
}

/** How many rows match. */
export function countQuery(marker: Marker, table: 'posts' | 'comments', filter: Filter): Query {
  const { conditions, values } = filterConditions(marker, filter)
  return { text: `select count(*) as total from ${table} ${where(conditions)}`, values }
}

function filterConditions(marker: Marker, { ownerId, postId, createdFrom, createdTo }: Filter) {
  const values: Value[] = []
  const conditions: string[] = []
  const bind = (value: Value) => `${marker}${values.push(value)}`

  if (ownerId !== undefined) conditions.push(`owner_id = ${bind(ownerId)}`)
  if (postId !== undefined) conditions.push(`post_id = ${bind(postId)}`)
  if (createdFrom !== undefined) conditions.push(`created_at >= ${bind(createdFrom)}`)
  if (createdTo !== undefined) conditions.push(`created_at < ${bind(createdTo)}`)
  return { conditions, values, bind }
}

const where = (conditions: readonly string[]): string =>
  conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`
