import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect, errors, type NatsConnection } from '@nats-io/transport-node'
import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import type { Link } from '../keep-connected.ts'
import { QueueRefused } from '../queue-refused.ts'
import type { NatsNames } from './names.ts'

/** How long the server may take for an answer, in milliseconds. */
export const ANSWER_MS = 2_000

export type NatsLink = Link &
  Readonly<{ connection: NatsConnection; js: JetStreamClient; jsm: JetStreamManager; names: NatsNames }>

type Prepare = (jsm: JetStreamManager) => Promise<void>

/**
 * One connection, which the client does not renew by itself: while it is away it would keep whatever it was to send.
 *
 * @throws {QueueRefused}
 * @throws {DependencyUnavailable}
 */
export async function connectNats(url: string, names: NatsNames, prepare: Prepare): Promise<NatsLink> {
  const connection = await connect({
    ...serverOf(url),
    name: names.events,
    reconnect: false,
    timeout: ANSWER_MS,
    pingInterval: ANSWER_MS,
    maxPingOut: 2,
  }).catch((cause) => {
    throw isRefusal(cause) ? refused('credentials', cause) : new DependencyUnavailable('message queue', { cause })
  })

  try {
    const jsm = await jetstreamManager(connection, { timeout: ANSWER_MS, checkAPI: false })
    await prepare(jsm)
    const lost = connection.closed().then((cause) => cause ?? new Error('The connection to NATS was closed.'))
    const js = jetstream(connection, { timeout: ANSWER_MS })
    return { connection, js, jsm, names, lost, close: () => connection.close() }
  } catch (error) {
    await connection.close()
    throw error
  }
}

/** The client wants the parts of a URL one by one. */
function serverOf(url: string) {
  const { protocol, host, username, password } = new URL(url)
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)]
  return {
    servers: host,
    ...(protocol === 'tls:' && { tls: {} }),
    ...(pass !== '' ? { user, pass } : user !== '' && { token: user }),
  }
}

const isRefusal = (error: unknown): boolean =>
  error instanceof errors.AuthorizationError || error instanceof errors.UserAuthenticationExpiredError

const refused = (what: string, cause: unknown): QueueRefused =>
  new QueueRefused(`NATS refuses the ${what}.`, 'Check the user and the password in QUEUE_URL.', { cause })
