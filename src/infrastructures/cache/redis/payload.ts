import { readPlain, writePlain } from '../../../patterns/plain-data.ts'
import type { Keepable } from '../cache.ts'

/** A value as text, with the key that it belongs to. @throws {TypeError} when it would not come out as it was */
export const encode = (key: string, value: Keepable): string => writePlain([key, value])

/** What was encoded under that key. @throws when the text is anything else */
export function decode(key: string, text: string): Keepable {
  const [owner, value, ...rest] = readPlain(text) as Keepable[]
  if (owner !== key || value === undefined || rest.length > 0)
    throw new TypeError('This is the copy of something else.')
  return value
}
