import type { Serializable } from '../cache.ts'
import { decode } from './codec.ts'

/** A value and the tag of its entry in Redis: the value is valid as long as that entry exists. */
export type Entry = Readonly<{ tag: string; value: Serializable }>

/** The result of a lookup: an entry, a lease to store one, a server without room, or an entry that cannot be parsed. */
export type LookupResult = Entry | Readonly<{ lease: string }> | 'full' | 'corrupt'

/** Parses a reply; `known` is the local entry of the key. */
export function parseLookup(key: string, text: unknown, known: Entry | undefined): LookupResult {
  if (text === null) return 'full'
  if (typeof text !== 'string') return 'corrupt'
  if (text === known?.tag) return known
  const end = text.indexOf('\n') + 1
  const [tag, payload] = [text.slice(0, end), text.slice(end)]
  if (payload === '') return { lease: tag }
  try {
    return { tag, value: decode(key, payload) }
  } catch {
    return 'corrupt'
  }
}
