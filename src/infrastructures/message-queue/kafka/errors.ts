import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import { toSetupError } from '../../connection/failed-connection.ts'
import { QueueSetupError } from '../queue-options.ts'
import type { KafkaUrl } from './kafka-url.ts'

/** Errors of the protocol that last until an operator acts. */
const SETUP_ERRORS = [
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'SASL_AUTHENTICATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
  'POLICY_VIOLATION',
  'INVALID_CONFIG',
]

const AUTHENTICATION = 'PLT_KFK_AUTHENTICATION'

type KafkaError = Error & Readonly<{ code?: unknown; apiId?: unknown; response?: unknown }>

/** An error with its causes, and those that it aggregates. */
function* errorsIn(error: unknown): Generator<KafkaError> {
  if (!(error instanceof Error)) return
  yield error
  if (error instanceof AggregateError) for (const each of error.errors) yield* errorsIn(each)
  yield* errorsIn(error.cause)
}

/** Whether the broker answered with one of these errors of the protocol, such as `UNKNOWN_MEMBER_ID`. */
export function isAnswer(error: unknown, ...ids: readonly string[]): boolean {
  return errorsIn(error).some(({ apiId }) => ids.includes(String(apiId)))
}

/** The response of the broker that contains the error. */
export function answerIn<Answer>(error: unknown): Answer | undefined {
  for (const { response } of errorsIn(error)) if (response !== undefined) return response as Answer
  return undefined
}

/** What the failure of a call means: an error reply lasts until an operator acts, a missing reply does not. */
export function translate(cause: unknown): Error {
  if (cause instanceof QueueSetupError || cause instanceof DependencyUnavailable) return cause
  for (const { apiId, code, message } of errorsIn(cause)) {
    if (code === AUTHENTICATION || SETUP_ERRORS.includes(String(apiId))) {
      const hint = 'Check the user, the password and the mechanism in QUEUE_URL, and what the user may do there.'
      return new QueueSetupError(`Kafka refuses this service: ${message}`, hint, { cause })
    }
  }
  return new DependencyUnavailable('message queue', { cause: innermost(cause) })
}

/** What a failed attempt to connect means: an error that lasts until an operator acts, or a broker that is down. */
export async function toConnectError(cause: unknown, { brokers: [broker], hasTls }: KafkaUrl): Promise<Error> {
  const meaning = translate(cause)
  if (meaning instanceof QueueSetupError || broker === undefined) return meaning
  const url = new URL(`kafka://${broker.host.includes(':') ? `[${broker.host}]` : broker.host}:${broker.port}`)
  const client = { protocol: 'Kafka', port: broker.port, startsWithTls: hasTls } as const
  return (await toSetupError(innermost(cause), url, client)) ?? meaning
}

/** Only the last cause in an error of the library has the reason. */
function innermost(error: unknown): unknown {
  return [...errorsIn(error)].at(-1) ?? error
}
