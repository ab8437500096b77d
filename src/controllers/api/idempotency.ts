import { hash } from 'node:crypto'

/** How an idempotency key looks: 1 to 255 visible ASCII characters. */
export const KEY = '^[!-~]{1,255}$'

/**
 * Distinguishes a request from others with the same key: the operation and all its input, in whatever order
 * and in whatever letter case its ids were written. Every transport names operations and fields alike, so that a request
 * may be repeated over another one.
 */
export function fingerprintOf(operation: string, input: object, isId: (field: string) => boolean): string {
  const given = Object.entries(input).map(([name, value]) => [name, isId(name) ? value.toLowerCase() : value])
  return hash('sha256', JSON.stringify([operation, Object.fromEntries(given)], sorted))
}

/** The same value, with the fields of each object in the order of their names. */
const sorted = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value
