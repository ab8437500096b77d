import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Span, Tracer } from '../../patterns/tracing.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The span of the request; null where nothing is traced. */
    span: Span | null
  }
}

/** Methods that may name a span: made-up ones have a name in common. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/**
 * A span for each request, which continues the trace of its caller and is named after its route. It contains neither
 * the path, which may have the id of a person, nor the address of the client.
 */
export function traceRequests(http: FastifyInstance, tracer: Tracer): void {
  http.addHook('onRequest', (request, reply, done) => {
    const span = tracer.start(startOf(request))
    request.span = span
    reply.header('traceparent', span.traceparent)
    reply.raw.once('close', () => {
      const { statusCode: status, headersSent } = reply.raw
      span.end({
        isFailed: status >= 500,
        attributes: {
          ...(headersSent ? { 'http.response.status_code': status } : {}),
          ...(status >= 500 ? { 'error.type': String(status) } : {}),
        },
      })
    })
    tracer.run(span, done)
  })
}

function startOf({ method, headers, routeOptions: { url: route } }: FastifyRequest) {
  const known = METHODS.has(method) ? method : '_OTHER'
  const name = known === '_OTHER' ? 'HTTP' : known
  return {
    name: route === undefined ? name : `${name} ${route}`,
    kind: 'server',
    parent: headers['traceparent']?.toString() ?? null,
    attributes: {
      'http.request.method': known,
      'url.scheme': 'http',
      ...(route === undefined ? {} : { 'http.route': route }),
    },
  } as const
}
