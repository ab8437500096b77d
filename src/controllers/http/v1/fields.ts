import { Type } from 'typebox'
import { rememberLast } from '../../../patterns/remember-last.ts'

/** The format alone would also take `urn:uuid:…`. */
export const Id = Type.String({ format: 'uuid', maxLength: 36 })
export const Time = Type.String({ format: 'date-time', description: 'RFC 3339 in UTC, with milliseconds' })
export const Version = Type.Integer({ minimum: 1, description: 'grows by one with each change; also the ETag' })

/** An object that takes nothing else. */
export const strict = { additionalProperties: false } as const

export const OneById = Type.Object({ id: Id }, strict)

/** A time as the outside sees it. What was never changed has the same time twice, which is written once. */
export const rfc3339 = (time: Date): string => textOf(time.getTime())

const textOf = rememberLast((milliseconds: number) => new Date(milliseconds).toISOString())
