import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { Conflict } from '../../../domains/errors/change-errors.ts'
import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import type { UserSynchronization } from '../../../domains/services/user-synchronization.ts'
import { PRODUCT } from '../../../patterns/product.ts'
import { HttpError } from '../http-error.ts'
import { isDuplicated } from '../request-guards.ts'
import type { OpenRoutes } from '../routes.ts'
import { keycloakNews } from './keycloak-user-event.ts'
import { NoContent, openRefusals } from './responses.ts'
import { isSignedBy } from './webhook-signature.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route reads the bytes of a body as they came, whatever their type. */
    readsRawBody?: boolean
  }
}

/** The secret that signs deliveries, and the realm whose people are mirrored. Without a secret nothing is taken. */
export type WebhookSettings = Readonly<{ secret: string | null; realm: string }>

/** A delivery that is not answered holds one of the few threads by which Keycloak serves all its webhooks. */
const ANSWER_TIMEOUT_MS = 1_500
const SIGNATURE = 'x-keycloak-signature'

/** Receives events about users from Keycloak. Every signed event is answered with 204, so that Keycloak does not retry it. */
export const userWebhook =
  (synchronization: UserSynchronization, { secret, realm }: WebhookSettings): OpenRoutes =>
  (limit) =>
  async (http) => {
    http.removeAllContentTypeParsers()
    http.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

    http.post(
      '/authentication/webhook/events-synchronization',
      { ...route, onRequest: assertConfigured },
      async (request, reply) => {
        const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        if (!isSignedBy(secret ?? '', bytes, signatureOf(request))) {
          await limit(request.client.address ?? 'unknown', reply)
          throw new HttpError('webhook-signature-invalid', 'X-Keycloak-Signature is not the HMAC-SHA256 of this body.')
        }

        const news = keycloakNews(bytes, realm)
        if (news !== null) await inTime(synchronization.receive(news))
        return reply.code(204).send(null)
      },
    )

    async function assertConfigured(): Promise<void> {
      if (secret === null) throw new HttpError('webhook-not-configured', 'This service is not set up to take events.')
    }
  }

const signatureOf = ({ headers, raw }: FastifyRequest): unknown =>
  isDuplicated(SIGNATURE, raw) ? null : headers[SIGNATURE]

/** Work that takes longer may still be committed: then the inbox detects Keycloak's retry. */
async function inTime(work: Promise<unknown>): Promise<void> {
  const ending = new AbortController()
  const late = sleep(ANSWER_TIMEOUT_MS, true, { signal: ending.signal }).catch(() => false)
  try {
    if ((await Promise.race([work, late])) === true) throw new DependencyUnavailable('database')
  } catch (error) {
    throw error instanceof Conflict ? new DependencyUnavailable('database', { cause: error }) : error
  } finally {
    ending.abort()
    work.catch(() => {})
  }
}

const Event = Type.Object(
  {
    id: Type.String({ description: 'of the event' }),
    uid: Type.String({ description: 'of the delivery: the same in all its repetitions' }),
    time: Type.Integer({ description: 'of the event, in milliseconds since 1970' }),
    realmName: Type.String(),
    type: Type.String(),
    resourcePath: Type.Optional(Type.String()),
    representation: Type.Optional(Type.String({ description: 'JSON' })),
    authDetails: Type.Optional(Type.Object({ userId: Type.Optional(Type.String()) })),
    details: Type.Optional(Type.Record(Type.String(), Type.String())),
  },
  {
    title: 'KeycloakEvent',
    description: 'An event as the extension keycloak-events sends it.',
    examples: [
      {
        id: '6c8cf452-482e-4802-b115-6370f6bad355',
        uid: '7739fa9b-6fdc-4b63-b1e6-7e95920d5ed8',
        time: 1795796735454,
        realmName: PRODUCT.namespace,
        type: 'admin.USER-UPDATE',
        resourcePath: 'users/264d3455-35e4-4609-918c-6f32083721fb',
        representation: '{"email":"zoe2@example.org"}',
      },
    ],
  },
)

const route = {
  config: { readsRawBody: true },
  validatorCompiler: () => () => true,
  schema: {
    tags: ['identity'],
    operationId: 'synchronizeUser',
    summary: 'Receive an event about a user from Keycloak',
    description:
      'Answers 204 to every signed event, also to one that was applied before or concerns no user of this service.',
    security: [{ webhook: [] }],
    headers: Type.Object({
      [SIGNATURE]: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'HMAC-SHA256 of the body' }),
    }),
    body: Event,
    response: { 204: NoContent, ...openRefusals('webhook-signature-invalid', 'webhook-not-configured') },
  },
}
