import { LRUCache } from 'lru-cache'
import type { Serializable } from './cache.ts'

export type LruLimits = Readonly<{ entries: number; bytes: number }>

/** The least recently used entries are evicted; `bytes` limits their estimated size. */
export const createLru = <Entry extends Readonly<{ value: Serializable }>>(
  { entries, bytes }: LruLimits,
  uptime: () => number,
): LRUCache<string, Entry> =>
  new LRUCache<string, Entry>({
    max: entries,
    maxSize: bytes,
    sizeCalculation: ({ value }, key) => 100 + bytesOf(key) + bytesOf(value),
    ttlResolution: 0,
    perf: { now: uptime },
  })

function bytesOf(value: Serializable): number {
  if (typeof value === 'string') return 16 + 2 * value.length
  if (value === null || typeof value !== 'object') return 8
  if (value instanceof Date) return 40
  return Object.entries(value).reduce((sum, [field, part]) => sum + 8 + field.length + bytesOf(part), 40)
}
