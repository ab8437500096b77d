import type { Keepable } from '../../../domains/ports/cache.ts'

type Json = null | boolean | number | string | readonly Json[] | Readonly<{ [field: string]: Json }>

/** A value as text, with the key that it belongs to. @throws {TypeError} when it would not come out as it was */
export const encode = (key: string, value: Keepable): string => JSON.stringify([key, packed(value)])

/** What was encoded under that key. @throws when the text is anything else */
export function decode(key: string, text: string): Keepable {
  const [owner, value, ...rest] = JSON.parse(text)
  if (owner !== key || value === undefined || rest.length > 0)
    throw new TypeError('This is the copy of something else.')
  return unpacked(value)
}

/** JSON has no dates and not every number: they become objects whose only field starts with one `$`. */
function packed(value: Keepable): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return isJson(value) ? value : { $number: Object.is(value, -0) ? '-0' : String(value) }
  if (value instanceof Date) return { $date: isJson(value.getTime()) ? value.getTime() : null }
  if (Array.isArray(value)) return value.map(packed)
  if (Object.getPrototypeOf(value) !== Object.prototype) throw new TypeError('Only plain data can be kept.')
  return Object.fromEntries(Object.entries(value).map(([field, part]) => [escaped(field), packed(part)]))
}

function unpacked(value: Json): Keepable {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(unpacked)
  const fields = value as Readonly<{ [field: string]: Json }>
  if ('$date' in fields) return new Date((fields['$date'] as number | null) ?? Number.NaN)
  if ('$number' in fields) return Number(fields['$number'])
  return Object.fromEntries(Object.entries(fields).map(([field, part]) => [unescaped(field), unpacked(part)]))
}

const isJson = (value: number): boolean => Number.isFinite(value) && !Object.is(value, -0)

const escaped = (field: string): string => (field.startsWith('$') ? `$${field}` : field)

const unescaped = (field: string): string => (field.startsWith('$') ? field.slice(1) : field)
