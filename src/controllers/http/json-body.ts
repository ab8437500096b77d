import { isUtf8 } from 'node:buffer'
import type { FastifyInstance } from 'fastify'
import { HttpError } from './http-error.ts'

/** Reads bodies as JSON in valid UTF-8 and as nothing else; keys that reach for prototypes are refused. */
export function readJsonBodies(http: FastifyInstance): void {
  const parse = http.getDefaultJsonParser('error', 'error')
  http.removeAllContentTypeParsers()
  http.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (isUtf8(body)) void parse(request, body.toString('utf8'), done)
    else done(new HttpError('malformed-request', 'The body is not UTF-8.'))
  })
}
