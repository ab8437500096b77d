import { malformedEvent } from './malformed-event.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** Strings, each with the colon that makes it a name, and what opens and closes a level. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\]]/g

/** @throws {Undeliverable} unless the bytes are one JSON object in UTF-8 that has each of its fields once */
export function parseObject(bytes: Uint8Array): JsonObject {
  const text = decode(bytes)
  const value = parse(text)
  if (!isObject(value)) throw malformedEvent('not an object')
  if (JSON.stringify(value) !== text && hasDuplicateField(text)) throw malformedEvent('a field is there twice')
  return value
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const decoder = new TextDecoder('utf-8', { fatal: true })

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw malformedEvent('not UTF-8')
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw malformedEvent('not JSON')
  }
}

/**
 * Of two fields with one name JSON.parse keeps the last; another reader may have used the first. A text that is the same when
 * it is written again has none: so our own events need not be searched.
 */
function hasDuplicateField(text: string): boolean {
  const names = new Set<string>()
  let fields = 0
  let depth = 0
  for (const [token, colon] of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
    else if (depth === 1 && colon !== undefined) {
      names.add(JSON.parse(token.slice(0, -colon.length)))
      fields++
    }
  }
  return names.size < fields
}
