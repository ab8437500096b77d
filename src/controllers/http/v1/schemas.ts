import { Type } from 'typebox'
import { memoizeLast } from '../../../patterns/memoize-last.ts'

/** The format alone would also take `urn:uuid:…`. */
export const Id = Type.String({ format: 'uuid', maxLength: 36 })
export const Time = Type.String({ format: 'date-time', description: 'RFC 3339 in UTC, with milliseconds' })
export const Version = Type.Integer({ minimum: 1, description: 'grows by one with each change; also the ETag' })

/** A time to compare with. Others that stores can compare are taken as well. */
export const TimeBound = (description: string) =>
  Type.String({
    format: 'date-time',
    description,
    documented: {
      pattern: String.raw`^(?:[1-8][0-9]{3}|9[0-8][0-9]{2})-.*:[0-5][0-9](?:\.[0-9]+)?(?:Z|[+-][0-9:]{5})$`,
    },
  })

/** An object without further fields. */
export const strict = { additionalProperties: false } as const

export const IdParams = Type.Object({ id: Id }, strict)

/** A time as clients see it. An unchanged item has the same time twice, which is formatted once. */
export const rfc3339 = (time: Date): string => textOf(time.getTime())

const textOf = memoizeLast((milliseconds: number) => new Date(milliseconds).toISOString())
