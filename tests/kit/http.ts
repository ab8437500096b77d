import { createHash } from 'node:crypto'
import type { InjectOptions } from 'fastify'
import { pino } from 'pino'
import type { RateLimit } from '../../src/controllers/api/rate-limiter.ts'
import { createHttpServer, type HttpServerNeeds } from '../../src/controllers/http/server.ts'
import type { WebhookSettings } from '../../src/controllers/http/v1/users-webhook.ts'
import type { Store } from '../../src/domains/ports/store.ts'
import { createAccountGuard } from '../../src/domains/services/account-guard.ts'
import { createOidcIdentityProvider } from '../../src/infrastructures/authentication/oidc/identity-provider.ts'
import { subjectIds } from '../../src/infrastructures/authentication/subject-ids.ts'
import { builtinAuthorization } from '../../src/infrastructures/authorization/builtin/builtin-authorization.ts'
import { noCache } from '../../src/infrastructures/cache/none/no-cache.ts'
import { uuidV7 } from '../../src/infrastructures/identifiers/uuid-v7.ts'
import { requestLine } from '../../src/infrastructures/telemetry/request-line.ts'
import { createModules } from '../../src/main/modules.ts'
import { sleep } from '../../src/main/sleep.ts'
import { PRODUCT } from '../../src/patterns/product.ts'
import { type Answer, answerOf, assertSafe } from './answers.ts'
import { createStore, emptyState, memoryDriver } from './forum-store.ts'
import { createPeople, type Person } from './people.ts'
import { answerProver, notingRoutes } from './routes.ts'
import { startTestIssuer } from './test-issuer.ts'

export type Forum = Awaited<ReturnType<typeof openForum>>

export type Call = Readonly<{
  /** Sent as JSON. */
  body?: unknown
  /** Sent as it is, with the type of JSON unless the headers say another. */
  payload?: string | Buffer
  headers?: Readonly<Record<string, string>>
  /** The address that it comes from. */
  from?: string
}>

type Needs = Partial<Omit<HttpServerNeeds, 'rateLimit' | 'corsOrigins'>> & {
  store?: Store
  webhook?: WebhookSettings
  rateLimit?: RateLimit | null
  corsOrigins?: readonly string[] | null
}

/**
 * The REST interface over a store, by default one in memory, in this process: with people of a test issuer, all that is kept in reach,
 * and the log as it is written. Each answer to `call` is proven against what holds for every answer and for its route.
 */
export async function openForum({
  store,
  webhook = WEBHOOK,
  rateLimit = null,
  corsOrigins = null,
  ...needs
}: Needs = {}) {
  const issuer = await startTestIssuer()
  const state = emptyState()
  const lines: string[] = []
  const log = requestLine(pino({ level: 'debug' }, { write: (line) => void lines.push(line) }))
  const { audience } = issuer
  const algorithms = ['RS256', 'ES256']
  const oidc = { issuer: issuer.issuer, audiences: [audience], algorithms: () => algorithms }
  const identity = createOidcIdentityProvider(oidc)
  const opened = store ?? createStore(memoryDriver(state))
  const { services, http: modules, grpc: grpcServices } = modulesOver(opened, issuer.issuer, webhook)

  const live = { rateLimit: () => rateLimit, corsOrigins: corsOrigins && (() => corsOrigins) }
  const defaults = { modules, identity, ...live, count: noCache().count, rawHandlers: [], log }
  const [http, routes] = await notingRoutes(() => createHttpServer({ ...defaults, ...needs }))
  await http.ready()
  const prove = answerProver(routes)

  async function call(who: Person | null, method: string, url: string, sent: Call = {}): Promise<Answer> {
    const { statusCode, headers, body } = await http.inject({ method, url, ...injected(who, sent) } as InjectOptions)
    const answer = answerOf(statusCode, Object.entries(headers), body)
    assertSafe(answer)
    prove(method, url, answer)
    return answer
  }

  return {
    ...(await createPeople(issuer)),
    http,
    routes,
    issuer,
    identity,
    services,
    grpcServices,
    state,
    lines,
    call,
    /** Changes whenever anything that is kept changes. */
    hash: () =>
      createHash('sha256')
        .update(JSON.stringify(Object.values(state), entries))
        .digest('hex'),
    async [Symbol.asyncDispose]() {
      await http.close()
      await issuer[Symbol.asyncDispose]()
    },
  }
}

function injected(who: Person | null, { body, payload, headers, from }: Call): InjectOptions {
  const isSending = body !== undefined || payload !== undefined
  return {
    ...(from === undefined ? {} : { remoteAddress: from }),
    headers: {
      ...(who === null ? {} : { authorization: `Bearer ${who.token}` }),
      ...(isSending ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(isSending ? { payload: payload ?? JSON.stringify(body) } : {}),
  }
}

/** The secret and the realm of the captured deliveries. */
export const WEBHOOK = { secret: 'whsec-test-0123456789abcdef0123456789abcdef', realm: PRODUCT.namespace }

/** All modules over any store. */
export function modulesOver(store: Store, issuer = 'https://issuer.example.org', webhook: WebhookSettings = WEBHOOK) {
  const now = () => new Date()
  const accounts = createAccountGuard({ store, now })
  return createModules({
    store,
    accounts,
    authorization: builtinAuthorization,
    now,
    newId: uuidV7,
    sleep,
    idOf: subjectIds(issuer),
    webhook,
    logWarning: () => () => {},
  })
}

const entries = (_key: string, value: unknown): unknown => (value instanceof Map ? [...value] : value)
