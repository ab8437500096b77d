import { errors } from '@nats-io/transport-node'
import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import { refusalOf } from '../../connection/failed-connection.ts'
import { QueueRefused } from '../queue-options.ts'

/** A server that took too long to look at the credentials may be quicker next time. */
const HEALS = /authentication timeout/i

/** What a failed attempt to connect means: a refusal that stands until an operator acts, or a server that is away. */
export async function whyNotConnected(cause: Error, url: URL): Promise<Error> {
  if (isRefusal(cause) && !HEALS.test(cause.message)) {
    const hint = 'Check the user and the password in QUEUE_URL.'
    return new QueueRefused(`NATS refuses the credentials: ${cause.message}`, hint, { cause })
  }
  if (cause.message === "server does not support 'tls'") {
    return new QueueRefused('the server does not speak TLS on this port', '', { cause })
  }
  const refusal = await refusalOf(cause, url, { protocol: 'NATS', port: 4222, startsWithTls: false })
  return refusal ?? new DependencyUnavailable('message queue', { cause })
}

const isRefusal = (error: unknown): boolean =>
  error instanceof errors.AuthorizationError || error instanceof errors.UserAuthenticationExpiredError
