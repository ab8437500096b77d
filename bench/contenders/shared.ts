/** What every hand-written contender needs and none should differ in: who is calling, the body, the answer. */
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createRemoteJWKSet, jwtVerify } from 'jose'

export const { DATABASE_URL, OIDC_ISSUER = '', OIDC_AUDIENCE = 'clean-architecture', HTTP_PORT } = process.env

const keys = createRemoteJWKSet(new URL(`${OIDC_ISSUER}/keys`))
const verified = new Map<string, string>()

/** The subject of a verified token. Tokens are remembered by their hash, as ours are. */
export async function subjectOf({ headers }: IncomingMessage): Promise<string> {
  const token = headers.authorization?.slice('Bearer '.length) ?? ''
  const hash = createHash('sha256').update(token).digest('base64url')
  const known = verified.get(hash)
  if (known !== undefined) return known
  const { payload } = await jwtVerify(token, keys, {
    issuer: OIDC_ISSUER,
    audience: OIDC_AUDIENCE,
    algorithms: ['RS256'],
  })
  verified.set(hash, String(payload.sub))
  return String(payload.sub)
}

export function bodyOf(request: IncomingMessage): Promise<{ text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ text: string }>()
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('error', reject)
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(chunks).toString())
    const text = String(body.text).trim()
    if (text.length < 1 || text.length > 10_000) reject(new Error('The text is too short or too long.'))
    else resolve({ text })
  })
  return promise
}

export function send(response: ServerResponse, status: number, resource: { id: string; version: number }): void {
  const body = JSON.stringify(resource)
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    etag: `"${resource.version}"`,
    ...(status === 201 ? { location: `/v1/posts/${resource.id}` } : {}),
  })
  response.end(body)
}
