import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { pathOf } from '../path.ts'
import { type Client, type ClientSettings, createClientReader } from './client.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sent the request, and where we are for them. */
    readonly client: Client
  }
}

/**
 * Lets every request know its client, and every answer lead there: a `Location` or `Link` to a path of ours becomes one
 * to where the client finds it. A redirect stays at the origin that the client chose.
 */
export function identifyClients(http: FastifyInstance, settings: ClientSettings): void {
  const clientOf = createClientReader(settings)
  http.decorateRequest('client', {
    getter(this: FastifyRequest) {
      return clientOf(this.raw)
    },
  })
  // Node.js remembers the address once it was asked, and does not know it any more when the connection is closed.
  http.server.on('connection', ({ remoteAddress: _ }) => {})

  if (settings.publicUrl == null && !settings.trustedProxies?.length) return
  http.addHook('onSend', (request, reply, _payload, done) => {
    rewriteLinks(request, reply)
    done()
  })
}

function rewriteLinks(request: FastifyRequest, reply: FastifyReply): void {
  const [location, link] = [reply.getHeader('location'), reply.getHeader('link')]
  if (location === undefined && link === undefined) return
  const { url, path } = request.client.base
  const isRedirect = reply.statusCode >= 300 && reply.statusCode < 400
  if (isOurs(location)) reply.header('location', (isRedirect ? path : url) + location)
  if (typeof link === 'string')
    reply.header(
      'link',
      link.replaceAll(/<(?=\/(?!\/))/g, () => `<${url}`),
    )
}

const isOurs = (location: unknown): location is string => typeof location === 'string' && /^\/(?!\/)/.test(location)

/** The path of a request as its client knows it, without its query. */
export const publicPathOf = (request: FastifyRequest): string => request.client.base.path + pathOf(request)
