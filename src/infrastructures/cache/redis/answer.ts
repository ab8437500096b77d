import type { Keepable } from '../cache.ts'
import { decode } from './payload.ts'

/** A value and the first line under which Redis keeps it: for as long as that is there, the value holds. */
export type Copy = Readonly<{ head: string; value: Keepable }>

/** What Redis says of a key: here is a copy, or keep one under this lease, or I have no room; or nobody understands it. */
export type Answer = Copy | Readonly<{ lease: string }> | 'full' | 'garbage'

/** What a text means to someone who knows this copy of the key. */
export function understood(key: string, text: unknown, known: Copy | undefined): Answer {
  if (text === null) return 'full'
  if (typeof text !== 'string') return 'garbage'
  if (text === known?.head) return known
  const end = text.indexOf('\n') + 1
  const [head, payload] = [text.slice(0, end), text.slice(end)]
  if (payload === '') return { lease: head }
  try {
    return { head, value: decode(key, payload) }
  } catch {
    return 'garbage'
  }
}
