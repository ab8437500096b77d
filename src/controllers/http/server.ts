import cors from '@fastify/cors'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyInstance } from 'fastify'
import type { IdentityProvider } from '../../domains/ports/identity-provider.ts'
import type { Live } from '../../patterns/live.ts'
import type { Tracer } from '../../patterns/tracing.ts'
import { createRateLimiter, type RateLimit, type UsageCounter } from '../api/rate-limiter.ts'
import { type AccessLog, registerAccessLog } from './access-log.ts'
import { authentication, createRequestLimiter } from './authentication.ts'
import { badUrlHandler } from './bad-urls.ts'
import { createClientReader, identifyClients } from './client/client.ts'
import type { Network } from './client/networks.ts'
import { clientErrorHandler } from './client-errors.ts'
import { describeRoutes } from './docs/document.ts'
import { type Documentation, documentationPages } from './docs/pages.ts'
import { allowHalfOpen, drainConnections } from './draining.ts'
import { errorHandler } from './errors.ts'
import type { LoadShedder } from './load/load-shedder.ts'
import { handleNotFound, rejectUnknownQueries } from './not-found.ts'
import { refuseTunnels } from './pending-response.ts'
import { runInOrder } from './pipelining.ts'
import { type RawHandler, registerRawHandler } from './raw-handlers.ts'
import { BODY_LIMIT, negotiateContent, readJsonBodies, registerGuards, requestIdOf } from './request-guards.ts'
import { traceRequests } from './request-spans.ts'
import { limitPendingBytes } from './response-backpressure.ts'
import type { HttpModule, Routes } from './routes.ts'
import { registerSseHub, type StreamLimits } from './sse.ts'
import { validatorCompiler } from './validation.ts'

export type HttpServerNeeds = Readonly<{
  /** The routes under /v1. */
  modules: readonly HttpModule[]
  identity: IdentityProvider
  /** The origins of web pages that may call the API; null leaves CORS out. */
  corsOrigins: Live<readonly string[]> | null
  rateLimit: Live<RateLimit | null>
  /** Counts the requests of all processes that share the cache. */
  count: UsageCounter
  /** Handlers of all requests below a path, such as `/issuer`. */
  rawHandlers: readonly RawHandler[]
  /** The documentation pages; without it, there are none. */
  docs?: Documentation
  log: AccessLog
  /** Records a span per request; without it, nothing is traced. */
  tracer?: Tracer | null
  /** The address under which clients reach the service, and the proxies whose headers are trusted. */
  publicUrl?: string | null
  trustedProxies?: readonly Network[]
  /** How long an idle connection stays open, in milliseconds. */
  keepAliveMs?: number
  /** Without it, the server never answers 503 `overloaded`. */
  shedder?: LoadShedder
  timeouts?: Timeouts
  streamLimits?: StreamLimits
}>

/** Time-outs of a connection, in milliseconds: no slow client can hold one for ever. */
const TIMEOUTS = { headers: 5_000, request: 10_000, idle: 15_000, checkInterval: 500 }
export type Timeouts = Readonly<typeof TIMEOUTS>

/** Longer than load balancers keep a connection that they do not use: none of them sends a request into one that closes. */
const KEEP_ALIVE_MS = 75_000
const MAX_HEADER_BYTES = 16 * 1024

/** The REST API, not listening yet. */
export async function createHttpServer(needs: HttpServerNeeds): Promise<FastifyInstance> {
  const http = Fastify(options(needs)).withTypeProvider<TypeBoxTypeProvider>()

  http.decorateRequest('actor', null)
  http.decorateRequest('failure', null)
  http.decorateRequest('span', null)
  http.setValidatorCompiler(validatorCompiler)
  http.setSerializerCompiler(() => JSON.stringify)
  http.setErrorHandler(errorHandler)
  if (needs.tracer) traceRequests(http, needs.tracer)
  identifyClients(http, needs)
  readJsonBodies(http)
  registerGuards(http)
  runInOrder(http.server, http.routing, needs.shedder?.guard(http.server, http.routing))
  allowHalfOpen(http.server)
  refuseTunnels(http.server)
  registerAccessLog(http, needs.log)
  limitPendingBytes(http)

  if (needs.corsOrigins !== null) await http.register(cors, corsOptions(needs.corsOrigins))
  handleNotFound(http)
  registerSseHub(http, needs.log, needs.streamLimits)
  if (needs.docs !== undefined) await describeRoutes(http, needs.docs.version, needs.modules)
  await http.register(apiV1(needs), { prefix: '/v1' })
  if (needs.docs !== undefined) await http.register(documentationPages(needs.docs))
  for (const part of needs.rawHandlers) registerRawHandler(http, part)
  drainConnections(http)
  return http
}

const options = ({ log, timeouts = TIMEOUTS, keepAliveMs = KEEP_ALIVE_MS, ...needs }: HttpServerNeeds) => ({
  bodyLimit: BODY_LIMIT,
  clientErrorHandler: clientErrorHandler(log),
  connectionTimeout: timeouts.idle,
  forceCloseConnections: 'idle' as const,
  frameworkErrors: badUrlHandler(log, createClientReader(needs)),
  genReqId: requestIdOf,
  http: {
    connectionsCheckingInterval: timeouts.checkInterval,
    headersTimeout: timeouts.headers,
    maxHeaderSize: MAX_HEADER_BYTES,
    requireHostHeader: false,
  },
  keepAliveTimeout: keepAliveMs,
  pluginTimeout: 0, // It would also cut short what is awaited while the server closes.
  requestTimeout: timeouts.request,
  return503OnClosing: false,
  routerOptions: { maxParamLength: MAX_HEADER_BYTES },
})

/** Everything under /v1 requires a token, except routes that authenticate their callers otherwise. */
const apiV1 =
  ({ modules, identity, rateLimit, count }: HttpServerNeeds) =>
  async (http: FastifyInstance): Promise<void> => {
    const limit = createRequestLimiter(createRateLimiter(rateLimit, count))
    const allOf = (routes: readonly Routes[]) => async (scope: FastifyInstance) => {
      negotiateContent(scope)
      for (const some of routes) await scope.register(some)
    }
    rejectUnknownQueries(http)
    await http.register(allOf(modules.flatMap((module) => module.openRoutes ?? []).map((routes) => routes(limit))))
    await http.register(async (closed) => {
      closed.addHook('onRequest', authentication(identity, limit))
      await allOf(modules.flatMap((module) => module.routes))(closed)
    })
  }

type AllowOrigins = (error: null, allowed: string[] | false) => void

const corsOptions = (origins: Live<readonly string[]>) => ({
  origin(_origin: string | undefined, allow: AllowOrigins): void {
    const listed = origins()
    allow(null, listed.length === 0 ? false : [...listed])
  },
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
  exposedHeaders: [
    'ETag',
    'Idempotency-Replayed',
    'Link',
    'Location',
    'RateLimit',
    'RateLimit-Policy',
    'Retry-After',
    'X-Request-Id',
  ],
  maxAge: 600,
  strictPreflight: false,
})
