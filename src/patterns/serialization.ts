type Json = null | boolean | number | string | readonly Json[] | Readonly<{ [field: string]: Json }>

/** Plain data (of JSON's types, dates and numbers of every kind) as text. @throws {TypeError} for anything richer */
export const serialize = (value: unknown): string => JSON.stringify(toJson(value))

/** The value that {@link serialize} got, deeply equal. @throws when the text is anything else */
export const deserialize = (text: string): unknown => fromJson(JSON.parse(text))

/** JSON has no dates and not every number: they become objects whose only field starts with one `$`. */
function toJson(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return isJson(value) ? value : { $number: Object.is(value, -0) ? '-0' : String(value) }
  if (value instanceof Date) return { $date: isJson(value.getTime()) ? value.getTime() : null }
  if (Array.isArray(value)) return value.map(toJson)
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) {
    throw new TypeError('Only plain data can be written.')
  }
  return Object.fromEntries(Object.entries(value).map(([field, part]) => [escaped(field), toJson(part)]))
}

function fromJson(value: Json): unknown {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(fromJson)
  const fields = value as Readonly<{ [field: string]: Json }>
  if ('$date' in fields) return new Date((fields['$date'] as number | null) ?? Number.NaN)
  if ('$number' in fields) return Number(fields['$number'])
  return Object.fromEntries(Object.entries(fields).map(([field, part]) => [unescaped(field), fromJson(part)]))
}

const isJson = (value: number): boolean => Number.isFinite(value) && !Object.is(value, -0)

const escaped = (field: string): string => (field.startsWith('$') ? `$${field}` : field)

const unescaped = (field: string): string => (field.startsWith('$') ? field.slice(1) : field)
