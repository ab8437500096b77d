import { InvalidInput } from '../../../domains/errors/input-errors.ts'
import type { KeysetPosition } from '../../../domains/ports/list-query.ts'
import type { Page } from '../../../patterns/page.ts'
import { encodeCursor } from '../../api/cursor.ts'
import { parseOwnerId, type SortName } from '../../api/list-query.ts'
import type { Timestamp__Output } from '../generated/google/protobuf/Timestamp.ts'
import { optional, timeTextOf } from './fields.ts'

type PageRequest = Readonly<{ pageSize: number; pageToken: string }>

type ListRequest = PageRequest &
  Readonly<{
    orderBy: string
    ownerId: string
    createdFrom: Timestamp__Output | null
    createdTo: Timestamp__Output | null
  }>

const DEFAULT_PAGE_SIZE = 20
const MAX_PAGE_SIZE = 100

const SORTS: Readonly<Record<string, SortName>> = {
  created_at: 'createdAt',
  'created_at desc': '-createdAt',
  updated_at: 'updatedAt',
  'updated_at desc': '-updatedAt',
}

/** The parsers of what is asked for of every list; `cursor` is judged with its list. */
export const pageFields = ({ pageSize, pageToken }: PageRequest) => ({
  pageSize: () => pageSizeOf(pageSize),
  pageToken: () => optional(pageToken, String),
})

/** The parsers of what is asked for of a list with an order and filters. */
export const listFields = (request: ListRequest) => ({
  ...pageFields(request),
  orderBy: () => optional(request.orderBy, sortOf),
  ownerId: () => optional(request.ownerId, parseOwnerId),
  createdFrom: () => timeTextOf(request.createdFrom),
  createdTo: () => timeTextOf(request.createdTo),
})

/** The token of the page that follows; empty on the last one. `list` is what it belongs to. */
export const nextPageTokenOf = (list: string, { next }: Page<unknown, KeysetPosition>): string =>
  next === null ? '' : encodeCursor(list, next)

/** How many match in all, where that was asked for. */
export const totalSizeOf = ({ total }: Page<unknown, KeysetPosition>) => (total === null ? {} : { totalSize: total })

function pageSizeOf(pageSize: number): number {
  if (pageSize < 0 || pageSize > MAX_PAGE_SIZE) throw new InvalidInput('pageSize', `must be 0 to ${MAX_PAGE_SIZE}`)
  return pageSize === 0 ? DEFAULT_PAGE_SIZE : pageSize
}

function sortOf(orderBy: string): SortName {
  const sort = Object.hasOwn(SORTS, orderBy) ? SORTS[orderBy] : undefined
  if (sort === undefined) throw new InvalidInput('orderBy', `must be one of ${Object.keys(SORTS).join(', ')}`)
  return sort
}
