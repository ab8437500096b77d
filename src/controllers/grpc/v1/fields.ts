import type { ExpectedVersions } from '../../../domains/entities/version.ts'
import { InvalidInput } from '../../../domains/errors/input-errors.ts'
import { isSupportedDate } from '../../api/cursor.ts'
import { CallError, type FieldViolation, violationOf } from '../errors.ts'
import type { Timestamp__Output } from '../generated/google/protobuf/Timestamp.ts'

type Parsers = Readonly<Record<string, () => unknown>>
type Parsed<Of extends Parsers> = { readonly [Field in keyof Of]: ReturnType<Of[Field]> }

/** The values of several fields. @throws {CallError} with all that are wrong, each by the name of its field */
export function parseFields<Of extends Parsers>(parsers: Of): Parsed<Of> {
  const violations: FieldViolation[] = []

  function parse([field, parser]: readonly [string, () => unknown]): readonly [string, unknown] {
    try {
      return [field, parser()]
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error
      violations.push(violationOf(new InvalidInput(field, error.message)))
      return [field, undefined]
    }
  }

  const values = Object.fromEntries(Object.entries(parsers).map(parse))
  if (violations.length > 0) throw new CallError('validation-failed', { violations })
  return values as Parsed<Of>
}

/** An unset field is null: proto3 cannot distinguish an empty text from a missing one. */
export const optional = <Value>(text: string, parse: (text: string) => Value): Value | undefined =>
  text === '' ? undefined : parse(text)

/** The versions that the caller accepts as current: the one that it names, or any. */
export const expectedOf = (version: number | undefined): ExpectedVersions =>
  version === undefined ? null : new Set([version])

/** A time as the outside sees it. */
export function timestampOf(time: Date): Timestamp__Output {
  const milliseconds = time.getTime()
  const seconds = Math.floor(milliseconds / 1000)
  return { seconds, nanos: (milliseconds - seconds * 1000) * 1_000_000 }
}

const NANOS_PER_SECOND = 1_000_000_000

/** A time to compare with, in RFC 3339, down to the millisecond. @throws {InvalidInput} */
export function timeTextOf(timestamp: Timestamp__Output | null): string | undefined {
  if (timestamp === null) return undefined
  const { seconds, nanos } = timestamp
  const time = new Date(seconds * 1000 + Math.floor(nanos / 1_000_000))
  if (nanos < 0 || nanos >= NANOS_PER_SECOND || !isSupportedDate(time)) {
    throw new InvalidInput('time', 'must be a time of the years 1 to 9999 that exists')
  }
  return time.toISOString()
}
