import { type TProperties, Type } from 'typebox'
import { CURSOR } from '../../api/cursor.ts'
import { SORTS, type SortName } from '../../api/list-query.ts'
import { Id, strict, TimeBound } from './schemas.ts'

const Cursor = Type.String({
  description: 'the nextCursor of the page before, with the same filters',
  documented: { pattern: CURSOR },
})

/** The query parameters of every list. */
export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
  cursor: Type.Optional(Cursor),
}

const parameters = {
  ...PageQuery,
  sort: Type.Optional(Type.Unsafe<SortName>({ type: 'string', enum: Object.keys(SORTS), default: '-createdAt' })),
  ownerId: Type.Optional(Id),
  createdFrom: Type.Optional(TimeBound('inclusive')),
  createdTo: Type.Optional(TimeBound('exclusive')),
  count: Type.Optional(
    Type.Boolean({ default: false, description: 'whether to return the total number of matching items' }),
  ),
}

/** The query of a list, with the filters that only this list has. */
export const ListParameters = <More extends TProperties>(more: More) => Type.Object({ ...parameters, ...more }, strict)
