import { UserId } from '../../domains/entities/user.ts'
import { InvalidInput } from '../../domains/errors/input-errors.ts'
import type { CreatedRange, ListQuery, Sort } from '../../domains/ports/list-query.ts'
import { decodeCursor, isSupportedDate } from './cursor.ts'

/** By which names a caller asks for an order: `-` puts the newest first. */
export const SORTS = {
  createdAt: { by: 'createdAt', direction: 'ascending' },
  '-createdAt': { by: 'createdAt', direction: 'descending' },
  updatedAt: { by: 'updatedAt', direction: 'ascending' },
  '-updatedAt': { by: 'updatedAt', direction: 'descending' },
} as const satisfies Record<string, Sort>

export type SortName = keyof typeof SORTS

/** A list as a caller asks for it; the times are texts of RFC 3339. */
export type ListRequest = Readonly<{
  sort?: SortName | undefined
  limit?: number | undefined
  cursor?: string | undefined
  ownerId?: string | undefined
  createdFrom?: string | undefined
  createdTo?: string | undefined
}>

type CommonFilter = CreatedRange & Readonly<{ ownerId?: UserId }>

/** The owner whose items a list should have. @throws {InvalidInput} */
export const parseOwnerId = UserId.parse

/** A listing as asked for, and the name of the list: what its cursors belong to. */
export type ParsedListQuery<Filter> = Readonly<{ listQuery: ListQuery<Filter>; name: string }>

/**
 * `more` are the filters that only this list has.
 *
 * @throws {InvalidInput} for a time that does not exist, {@link InvalidCursor} for a cursor of another list
 */
export function parseListQuery<More extends object = object>(
  resource: string,
  request: ListRequest,
  more: More = {} as More,
): ParsedListQuery<CommonFilter & More> {
  const { sort = '-createdAt', limit = 20, cursor } = request
  const filter = filterOf(request, more)
  const name = `${resource} ${sort} ${JSON.stringify(filter)}`
  return {
    name,
    listQuery: { filter, sort: SORTS[sort], limit, after: cursor === undefined ? null : decodeCursor(name, cursor) },
  }
}

const filterOf = <More extends object>({ ownerId, createdFrom, createdTo }: ListRequest, more: More) => ({
  ...(ownerId === undefined ? {} : { ownerId: parseOwnerId(ownerId) }),
  ...more,
  ...(createdFrom === undefined ? {} : { createdFrom: timeOf('createdFrom', createdFrom) }),
  ...(createdTo === undefined ? {} : { createdTo: timeOf('createdTo', createdTo) }),
})

function timeOf(field: string, text: string): Date {
  const time = new Date(text)
  if (!isSupportedDate(time)) throw new InvalidInput(field, 'must be a time of the years 1 to 9999 that exists')
  return time
}
