import { errors } from '@nats-io/transport-node'
import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import { toSetupError } from '../../connection/failed-connection.ts'
import { QueueSetupError } from '../queue-options.ts'

/** The server's time-out for credentials is transient. */
const TRANSIENT = /authentication timeout/i

/** What a failed attempt to connect means: an error that lasts until an operator acts, or a server that is down. */
export async function toConnectError(cause: Error, url: URL): Promise<Error> {
  if (isRefusal(cause) && !TRANSIENT.test(cause.message)) {
    const hint = 'Check the user and the password in QUEUE_URL.'
    return new QueueSetupError(`NATS refuses the credentials: ${cause.message}`, hint, { cause })
  }
  if (cause.message === "server does not support 'tls'") {
    return new QueueSetupError('the server does not speak TLS on this port', '', { cause })
  }
  const setupError = await toSetupError(cause, url, { protocol: 'NATS', port: 4222, startsWithTls: false })
  return setupError ?? new DependencyUnavailable('message queue', { cause })
}

const isRefusal = (error: unknown): boolean =>
  error instanceof errors.AuthorizationError || error instanceof errors.UserAuthenticationExpiredError
