import { type Static, type TProperties, Type } from 'typebox'
import { UserId } from '../../../domains/entities/user.ts'
import { InvalidInput } from '../../../domains/errors/input-errors.ts'
import type { CreatedBetween, Listing, Sort } from '../../../domains/ports/listing.ts'
import { CURSOR, isMoment, positionAt } from './cursor.ts'
import { Id, strict, TimeBound } from './fields.ts'

const Cursor = Type.String({
  description: 'the nextCursor of the page before, with the same filters',
  documented: { pattern: CURSOR },
})

/** What is asked for of every list. */
export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
  cursor: Type.Optional(Cursor),
}

/** By which names a caller asks for an order: `-` puts the newest first. */
const SORTS = {
  createdAt: { by: 'createdAt', direction: 'ascending' },
  '-createdAt': { by: 'createdAt', direction: 'descending' },
  updatedAt: { by: 'updatedAt', direction: 'ascending' },
  '-updatedAt': { by: 'updatedAt', direction: 'descending' },
} as const satisfies Record<string, Sort>

const parameters = {
  ...PageQuery,
  sort: Type.Optional(
    Type.Unsafe<keyof typeof SORTS>({ type: 'string', enum: Object.keys(SORTS), default: '-createdAt' }),
  ),
  ownerId: Type.Optional(Id),
  createdFrom: Type.Optional(TimeBound('inclusive')),
  createdTo: Type.Optional(TimeBound('exclusive')),
  count: Type.Optional(Type.Boolean({ default: false, description: 'also tell how many match in all' })),
}

/** The query of a list, with the filters that only this list has. */
export const ListQuery = <More extends TProperties>(more: More) => Type.Object({ ...parameters, ...more }, strict)

type Query = Static<ReturnType<typeof ListQuery<Record<never, never>>>>
type CommonFilter = CreatedBetween & Readonly<{ ownerId?: UserId }>

/** A listing as asked for, and the name of the list: what its cursors belong to. */
export type NamedListing<Filter> = Readonly<{ listing: Listing<Filter>; name: string }>

/**
 * `more` are the filters that only this list has.
 *
 * @throws {InvalidInput} for a time that does not exist, {@link HttpError} for a cursor of another list
 */
export function listingOf<More extends object = object>(
  resource: string,
  query: Query,
  more: More = {} as More,
): NamedListing<CommonFilter & More> {
  const { sort = '-createdAt', limit = 20, cursor } = query
  const filter = filterOf(query, more)
  const name = `${resource} ${sort} ${JSON.stringify(filter)}`
  return {
    name,
    listing: { filter, sort: SORTS[sort], limit, after: cursor === undefined ? null : positionAt(name, cursor) },
  }
}

const filterOf = <More extends object>({ ownerId, createdFrom, createdTo }: Query, more: More) => ({
  ...(ownerId === undefined ? {} : { ownerId: UserId.parse(ownerId) }),
  ...more,
  ...(createdFrom === undefined ? {} : { createdFrom: timeOf('createdFrom', createdFrom) }),
  ...(createdTo === undefined ? {} : { createdTo: timeOf('createdTo', createdTo) }),
})

function timeOf(field: string, text: string): Date {
  const time = new Date(text)
  if (!isMoment(time)) throw new InvalidInput(field, 'must be a time of the years 1 to 9999 that exists')
  return time
}
