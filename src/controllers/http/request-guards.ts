import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { memoizeLast } from '../../patterns/memoize-last.ts'
import { requestIdFrom } from '../api/request-id.ts'
import { HttpError } from './http-error.ts'

export const BODY_LIMIT = 256 * 1024

const acceptable = (type: string): RegExp =>
  new RegExp(String.raw`^$|(?:${type}|\*/\*)\s*(?:;(?!\s*q=0(?:\.0*)?\s*(?:$|,))[^,]*)?(?:,|$)`, 'i')
const OUR_JSON = acceptable(String.raw`application/(?:json|problem\+json|\*)`)
const OUR_EVENTS = acceptable(String.raw`text/(?:event-stream|\*)`)

export const BASE_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

export const requestIdOf = ({ headers }: Pick<IncomingMessage, 'headers'>): string =>
  requestIdFrom(headers['x-request-id'])

/** The headers of every response. */
export function setSecurityHeaders(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(BASE_HEADERS).header('x-request-id', request.id)
}

/** The checks of every request, before authentication. */
export function registerGuards(http: FastifyInstance): void {
  http.server.on('checkExpectation', http.routing)
  http.addHook('onRequest', async (request, reply) => {
    setSecurityHeaders(request, reply)
    assertHost(request)
    assertTransferEncoding(request)
    assertExpectation(request)
    assertContentLength(request)
  })
}

/** The checks of the API: JSON in and out, or events out, never stored by shared caches. */
export function negotiateContent(http: FastifyInstance): void {
  http.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'private, no-cache')
    const { config, schema } = request.routeOptions // made anew each time it is asked for
    const ours = config.isEventStream ? OUR_EVENTS : OUR_JSON
    if (!ours.test(request.headers.accept ?? '')) throw new HttpError('not-acceptable')
    if (config.readsRawBody) return
    if (schema?.body !== undefined) assertJson(request)
    else if (isEmpty(request)) delete request.headers['content-type'] // Some clients name the type of an empty body.
  })
}

/** Of several, Node.js keeps the first; a proxy may have acted on another one. */
export function isDuplicated(name: string, { rawHeaders }: IncomingMessage): boolean {
  let found = 0
  for (let i = 0; i < rawHeaders.length; i += 2) if (rawHeaders[i]?.toLowerCase() === name) found++
  return found > 1
}

function assertHost({ raw, headers }: FastifyRequest): void {
  if ((headers.host === undefined && raw.httpVersion !== '1.0') || isDuplicated('host', raw)) {
    throw new HttpError('malformed-request', 'One Host header is required.')
  }
}

/** Plain chunks are the one coding that is understood (RFC 9112, section 6.1); HTTP/1.0 has none. */
function assertTransferEncoding({ raw, headers }: FastifyRequest): void {
  const coding = headers['transfer-encoding']
  if (coding === undefined || (coding.toLowerCase() === 'chunked' && raw.httpVersion !== '1.0')) return
  const close = { headers: { connection: 'close' } }
  throw new HttpError('malformed-request', 'The only transfer coding that is supported is chunked.', close)
}

/** Only `Expect: 100-continue` is accepted, which Node.js answers. */
function assertExpectation({ headers }: FastifyRequest): void {
  const { expect } = headers
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') throw new HttpError('expectation-failed')
}

function assertContentLength({ headers }: FastifyRequest): void {
  if (Number(headers['content-length'] ?? 0) > BODY_LIMIT) throw new HttpError('payload-too-large')
}

const isEmpty = ({ headers }: FastifyRequest): boolean =>
  headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0'

function assertJson({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding'] ?? 'identity'
  if (!/^application\/json\s*(?:;|$)/i.test(headers['content-type'] ?? '') || encoding !== 'identity') {
    throw new HttpError('unsupported-media-type', 'Send application/json in UTF-8, not compressed.')
  }
}

/** Reads bodies as JSON in valid UTF-8 and as nothing else; keys that reach for prototypes are refused. */
export function readJsonBodies(http: FastifyInstance): void {
  const parse = http.getDefaultJsonParser('error', 'error')
  http.removeAllContentTypeParsers()
  http.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (!declaresUtf8(request.headers['content-type'] ?? ''))
      done(new HttpError('unsupported-media-type', 'Send application/json in UTF-8.'))
    else if (isUtf8(body)) void parse(request, body.toString('utf8'), done)
    else done(new HttpError('malformed-request', 'The body is not UTF-8.'))
  })
}

/** Parameters of a media type, whose values may be quoted (RFC 9110, section 5.6.6). */
const PARAMETERS = /;\s*([^\s;="]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s;"]*)/g
const UTF8 = /^"?utf-?8"?$/i

/** Nearly all requests have the same media type. */
const declaresUtf8 = memoizeLast((type: string): boolean =>
  type.matchAll(PARAMETERS).every(([, name, value]) => name?.toLowerCase() !== 'charset' || UTF8.test(value ?? '')),
)
