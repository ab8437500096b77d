import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'

/** Answers all requests below a path, and reads their bodies itself. */
export type RawHandler = Readonly<{
  path: string
  handle: (request: IncomingMessage, response: ServerResponse) => void
}>

/** Passes all requests below the path on unchanged. Their responses have the usual headers, unless the handler sets others. */
export function registerRawHandler(http: FastifyInstance, { path, handle }: RawHandler): void {
  void http.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _body, done) => done(null))
    scope.all(`${path}/*`, (request, reply) => {
      reply.hijack()
      for (const [name, value] of Object.entries(reply.getHeaders())) if (value) reply.raw.setHeader(name, value)
      handle(request.raw, reply.raw)
    })
  })
}
