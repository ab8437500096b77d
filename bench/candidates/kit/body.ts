import type { IncomingMessage } from 'node:http'
import { parseId } from './ids.ts'
import { Refused } from './refused.ts'

/** The body of a request as JSON. */
export function jsonOf(request: IncomingMessage): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('error', reject)
  request.on('end', () => {
    try {
      const [only, ...more] = chunks
      resolve(JSON.parse(only !== undefined && more.length === 0 ? only.toString() : Buffer.concat(chunks).toString()))
    } catch {
      reject(new Refused(400))
    }
  })
  return promise
}

export const postBody = (body: unknown) => ({ text: textIn(fields(body, 1), 10_000) })

export function commentBody(body: unknown) {
  const given = fields(body, 2)
  return { postId: parseId(given['postId']), text: textIn(given, 2_000) }
}

function fields(body: unknown, count: number): Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null || Object.keys(body).length !== count) throw new Refused(422)
  return body as Record<string, unknown>
}

/** As long as text is counted in code points, which matters only where it has too many UTF-16 units. */
function textIn({ text }: Readonly<Record<string, unknown>>, limit: number): string {
  const trimmed = typeof text === 'string' ? text.trim() : ''
  const isTooLong = trimmed.length > limit && [...trimmed].length > limit
  if (trimmed === '' || isTooLong || !trimmed.isWellFormed() || trimmed.includes('\0')) throw new Refused(422)
  return trimmed
}
