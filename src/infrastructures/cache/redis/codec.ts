import { deserialize, serialize } from '../../../patterns/serialization.ts'
import type { Serializable } from '../cache.ts'

/** A value as text, with the key that it belongs to. @throws {TypeError} when it would not come out as it was */
export const encode = (key: string, value: Serializable): string => serialize([key, value])

/** What was encoded under that key. @throws when the text is anything else */
export function decode(key: string, text: string): Serializable {
  const [owner, value, ...rest] = deserialize(text) as Serializable[]
  if (owner !== key || value === undefined || rest.length > 0) throw new TypeError('The entry belongs to another key.')
  return value
}
