import { InvalidInput } from '../errors/input-errors.ts'

const INVISIBLE = /^[\s\p{Cc}\p{Cf}\p{Z}]*$/u

/** The parser of one kind of text: trimmed, well-formed Unicode without NUL, at most `limit` code points, some visible. */
export const boundedText = <Text extends string>(field: string, limit: number) => ({
  /** @throws {InvalidInput} */
  parse(raw: string): Text {
    const text = raw.trim()
    if (!text.isWellFormed() || text.includes('\0')) {
      throw new InvalidInput(field, 'must be well-formed Unicode without NUL')
    }
    if (INVISIBLE.test(text) || isLongerThan(limit, text)) {
      throw new InvalidInput(field, `must have 1 to ${limit} characters`)
    }
    return text as Text
  },
})

/** Counts code points, and only where the number of UTF-16 units leaves it open. */
function isLongerThan(limit: number, text: string): boolean {
  return text.length > limit && (text.length > 2 * limit || [...text].length > limit)
}
