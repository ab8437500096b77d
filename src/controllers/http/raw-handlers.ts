import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'

/** Something that answers all requests below a path for itself, and reads their bodies itself. */
export type RawHandler = Readonly<{
  path: string
  handle: (request: IncomingMessage, response: ServerResponse) => void
}>

/** Hands everything below the path over, untouched. Its answers carry what all do, where they say nothing else. */
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
