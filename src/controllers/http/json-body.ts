import { isUtf8 } from 'node:buffer'
import type { FastifyInstance } from 'fastify'
import { memoizeLast } from '../../patterns/memoize-last.ts'
import { HttpError } from './http-error.ts'

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

/** Nearly all requests say the same. */
const declaresUtf8 = memoizeLast((type: string): boolean =>
  type.matchAll(PARAMETERS).every(([, name, value]) => name?.toLowerCase() !== 'charset' || UTF8.test(value ?? '')),
)
