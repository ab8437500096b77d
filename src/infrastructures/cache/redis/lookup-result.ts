import type { Serializable } from '../cache.ts'
import { decode } from './codec.ts'

/** A value and the first line under which Redis keeps it: for as long as that is there, the value holds. */
export type Entry = Readonly<{ tag: string; value: Serializable }>

/** What Redis says of a key: here is a copy, or keep one under this lease, or I have no room; or nobody understands it. */
export type LookupResult = Entry | Readonly<{ lease: string }> | 'full' | 'corrupt'

/** What a text means to someone who knows this copy of the key. */
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
