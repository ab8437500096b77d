import cors from '@fastify/cors'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { type FastifyInstance } from 'fastify'
import type { IdentityProvider } from '../../domains/ports/identity-provider.ts'
import { createRateLimiter, type RateLimit, type UsageCounter } from '../api/rate-limiter.ts'
import { type AccessLog, keepAccessLog } from './access-log.ts'
import { authentication } from './authentication.ts'
import { brokenRequests } from './broken-requests.ts'
import { createClientReader } from './client/client.ts'
import { identifyClients } from './client/identify-clients.ts'
import type { Network } from './client/networks.ts'
import { answerHalfClosed } from './connections.ts'
import { describeRoutes } from './docs/document.ts'
import { type Documentation, documentationPages } from './docs/pages.ts'
import { BODY_LIMIT, keepDoor, requestIdOf, speakJson } from './doorkeeping.ts'
import { drainConnections } from './draining.ts'
import { answerError } from './errors.ts'
import { keepEventStreams, type StreamLimits } from './event-streams.ts'
import { readJsonBodies } from './json-body.ts'
import type { LoadShedder } from './load/load-shedder.ts'
import { type Mount, mount } from './mounts.ts'
import { runInOrder } from './pipelining.ts'
import { createRequestLimiter } from './request-limiter.ts'
import type { HttpModule, Routes } from './routes.ts'
import { answerUnknownRoutes, refuseUnknownQueries } from './unknown-routes.ts'
import { unreadablePaths } from './unreadable-paths.ts'
import { boundUnsentAnswers } from './unsent-answers.ts'
import { validatorCompiler } from './validation.ts'

export type HttpServerNeeds = Readonly<{
  /** What it answers under /v1. */
  modules: readonly HttpModule[]
  identity: IdentityProvider
  corsOrigins: readonly string[]
  rateLimit: RateLimit | null
  /** Counts for the limit, in all processes that share it. */
  count: UsageCounter
  /** Parts that answer for themselves below a path, such as `/issuer`. */
  mounts: readonly Mount[]
  /** What the documentation says of us, and how its readers get a token; without it, there is none. */
  docs?: Documentation
  log: AccessLog
  /** The address under which clients reach us, and the proxies that are believed when they say so. */
  publicUrl?: string | null
  trustedProxies?: readonly Network[]
  /** How long an idle connection stays open, in milliseconds. */
  keepAliveMs?: number
  /** Without it, nothing is refused however much there is to do. */
  shedder?: LoadShedder
  patience?: Patience
  streamLimits?: StreamLimits
}>

/** Time-outs of a connection, in milliseconds: nobody holds one by being slow. */
const PATIENCE = { headers: 5_000, request: 10_000, silence: 15_000, check: 500 }
export type Patience = Readonly<typeof PATIENCE>

/** Longer than load balancers keep a connection that they do not use: none of them sends a request into one that closes. */
const KEEP_ALIVE_MS = 75_000
const MOST_HEADER_BYTES = 16 * 1024

/** The REST interface, not listening yet. */
export async function createHttpServer(needs: HttpServerNeeds): Promise<FastifyInstance> {
  const http = Fastify(options(needs)).withTypeProvider<TypeBoxTypeProvider>()

  http.decorateRequest('actor', null)
  http.decorateRequest('failure', null)
  http.setValidatorCompiler(validatorCompiler)
  http.setSerializerCompiler(() => JSON.stringify)
  http.setErrorHandler(answerError)
  identifyClients(http, needs)
  readJsonBodies(http)
  keepDoor(http)
  runInOrder(http.server, http.routing, needs.shedder?.guard(http.server, http.routing))
  answerHalfClosed(http.server)
  keepAccessLog(http, needs.log)
  boundUnsentAnswers(http)

  if (needs.corsOrigins.length > 0) await http.register(cors, corsOptions(needs.corsOrigins))
  answerUnknownRoutes(http)
  keepEventStreams(http, needs.log, needs.streamLimits)
  if (needs.docs !== undefined) await describeRoutes(http, needs.docs.version, needs.modules)
  await http.register(interfaceV1(needs), { prefix: '/v1' })
  if (needs.docs !== undefined) await http.register(documentationPages(needs.docs))
  for (const part of needs.mounts) mount(http, part)
  drainConnections(http)
  return http
}

const options = ({ log, patience = PATIENCE, keepAliveMs = KEEP_ALIVE_MS, ...needs }: HttpServerNeeds) => ({
  bodyLimit: BODY_LIMIT,
  clientErrorHandler: brokenRequests(log),
  connectionTimeout: patience.silence,
  forceCloseConnections: 'idle' as const,
  frameworkErrors: unreadablePaths(log, createClientReader(needs)),
  genReqId: requestIdOf,
  http: {
    connectionsCheckingInterval: patience.check,
    headersTimeout: patience.headers,
    maxHeaderSize: MOST_HEADER_BYTES,
    requireHostHeader: false,
  },
  keepAliveTimeout: keepAliveMs,
  pluginTimeout: 0, // It would also cut short what is awaited while the server closes.
  requestTimeout: patience.request,
  return503OnClosing: false,
  routerOptions: { maxParamLength: MOST_HEADER_BYTES },
})

/** Everything under /v1 is behind authentication by a token, but for what knows its callers by something else. */
const interfaceV1 =
  ({ modules, identity, rateLimit, count }: HttpServerNeeds) =>
  async (http: FastifyInstance): Promise<void> => {
    const limit = rateLimit && createRequestLimiter(createRateLimiter(rateLimit, count))
    const allOf = (routes: readonly Routes[]) => async (scope: FastifyInstance) => {
      speakJson(scope)
      for (const some of routes) await scope.register(some)
    }
    refuseUnknownQueries(http)
    await http.register(allOf(modules.flatMap((module) => module.openRoutes ?? []).map((routes) => routes(limit))))
    await http.register(async (closed) => {
      closed.addHook('onRequest', authentication(identity, limit))
      await allOf(modules.flatMap((module) => module.routes))(closed)
    })
  }

const corsOptions = (origins: readonly string[]) => ({
  origin: [...origins],
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
