import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { pathOf } from '../path.ts'
import { type Hop, hopsOfForwarded, hopsOfList } from './forwarded.ts'
import { ipAddress, matcherOf, type Network } from './networks.ts'
import { baseAt, baseOf, type PublicBase, UNKNOWN_BASE } from './public-base.ts'

/** The client of a request: its address (null when the connection is closed), and the base URL by which it reaches us. */
export type Client = Readonly<{ address: string | null; base: PublicBase }>

export type ClientSettings = Readonly<{
  /** The base URL for all clients; by default the one that trusted proxies name. */
  publicUrl?: string | null
  /** Proxies whose headers are trusted. By default there are none. */
  trustedProxies?: readonly Network[]
}>

export type ClientReader = (request: IncomingMessage) => Client

declare module 'fastify' {
  interface FastifyRequest {
    /** The client of the request, and the base URL that it uses. */
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

/** Reads the client of a request. It ignores the headers of all but trusted proxies. */
export function createClientReader({ publicUrl = null, trustedProxies = [] }: ClientSettings): ClientReader {
  const isTrusted = matcherOf(trustedProxies)
  const fixed = publicUrl === null ? null : baseAt(publicUrl)

  return (request) => {
    const peer = ipAddress(request.socket.remoteAddress ?? '')
    const isDirect = trustedProxies.length === 0 || peer === null || !isTrusted(peer)
    const { address, base } = isDirect ? { address: peer, base: UNKNOWN_BASE } : forwarded(request, peer, isTrusted)
    return { address, base: fixed ?? base }
  }
}

/**
 * The hops that trusted proxies name. Many set one kind of header and let pass what a client sends of the other: where the two
 * name different clients, one is forged, and neither is believed.
 */
function forwarded(request: IncomingMessage, peer: string, isTrusted: (address: string) => boolean): Client {
  const [list, lines] = [headerOf(request, 'x-forwarded-for'), linesOf(request, 'forwarded')]
  const [byList, byLines] = [
    walk(peer, list === undefined ? [] : hopsOfList(list), isTrusted),
    walk(peer, hopsOfForwarded(lines), isTrusted),
  ]
  if (list !== undefined && lines.length > 0 && byList.from !== byLines.from) {
    return { address: peer, base: UNKNOWN_BASE }
  }
  return {
    address: list === undefined ? byLines.from : byList.from,
    base: baseOf({
      proto: lastOf(request, 'x-forwarded-proto') ?? byLines.proto,
      host: lastOf(request, 'x-forwarded-host') ?? byLines.host,
      prefix: lastOf(request, 'x-forwarded-prefix'),
    }),
  }
}

/** Goes from proxy to proxy as long as the next is trusted; ends at the right-most address that is not. */
function walk(peer: string, hops: readonly Hop[], isTrusted: (address: string) => boolean) {
  let end: Hop & Readonly<{ from: string }> = { from: peer }
  for (const hop of hops.toReversed()) {
    if (!isTrusted(end.from)) break
    end = { ...end, ...hop, from: hop.from ?? end.from }
    if (hop.from === null) break
  }
  return end
}

const headerOf = ({ headers }: IncomingMessage, name: string): string | undefined => headers[name]?.toString()

/** Of several values, what the nearest proxy said. */
const lastOf = (request: IncomingMessage, name: string): string | undefined =>
  headerOf(request, name)?.split(',').at(-1)?.trim()

/** Each header of that name by itself, as a proxy may add its own below that of a client. */
const linesOf = ({ rawHeaders }: IncomingMessage, name: string): readonly string[] =>
  rawHeaders.filter((_value, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name)
