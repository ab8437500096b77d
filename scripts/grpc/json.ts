/** A message as JSON may have it: names in either case, times as RFC 3339. */
export function messageFromJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(messageFromJson)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).map(([name, field]) => [camelCase(name), fieldFromJson(camelCase(name), field)])
  return Object.fromEntries(fields)
}

/** The same message as JSON, with times as RFC 3339. */
export function messageToJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(messageToJson)
  if (typeof value !== 'object' || value === null) return value
  if (isTimestamp(value)) return new Date(value.seconds * 1000 + value.nanos / 1e6).toISOString()
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, messageToJson(field)]))
}

/** The times of requests have such names. */
const TIME = /^created(?:From|To)$/

const fieldFromJson = (name: string, value: unknown): unknown =>
  TIME.test(name) && typeof value === 'string' ? timestampOf(new Date(value)) : messageFromJson(value)

function timestampOf(time: Date): Readonly<{ seconds: number; nanos: number }> {
  const seconds = Math.floor(time.getTime() / 1000)
  return { seconds, nanos: (time.getTime() - seconds * 1000) * 1e6 }
}

const isTimestamp = (value: object): value is { seconds: number; nanos: number } =>
  Object.keys(value).sort().join() === 'nanos,seconds'

const camelCase = (name: string): string => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
