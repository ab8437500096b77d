import { type CustomTypesConfig, types } from 'pg'
import { memoizeLast } from '../../../patterns/memoize-last.ts'

const { TIMESTAMPTZ } = types.builtins
const parseTime = types.getTypeParser(TIMESTAMPTZ)

/** The parsers of the driver, but for times in UTC, which half the columns are: they are rewritten as JavaScript reads them. */
export const typeParsers: CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text') =>
    oid === TIMESTAMPTZ ? readTime : types.getTypeParser(oid, format)) as CustomTypesConfig['getTypeParser'],
}

/** `2026-11-22 12:00:00.123+00`, or in another zone or era. */
function readTime(text: string): unknown {
  const isUsual = text.endsWith('+00') && text[10] === ' '
  return isUsual ? new Date(millisecondsOf(text)) : parseTime(text)
}

/** A row that was never changed has the same time twice, which is read once. */
const millisecondsOf = memoizeLast((text: string) => Date.parse(`${text.slice(0, 10)}T${text.slice(11, -3)}Z`))
