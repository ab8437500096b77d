import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { type Authenticator, connect, type NatsConnection } from '@nats-io/transport-node'
import { assertServerVersion } from '../../connection/server-version.ts'
import { QueueSetupError } from '../queue-options.ts'
import type { QueueClient } from '../reconnecting-client.ts'
import { toConnectError } from './connect-error.ts'
import { authenticatorFrom } from './credentials.ts'
import type { NatsNames } from './names.ts'
import { awaitServerInfo } from './server-info.ts'
import { isJetStreamDisabled } from './streams.ts'

/** The time-out of a request to the server. */
export const REQUEST_TIMEOUT_MS = 2_000

export type NatsClient = QueueClient &
  Readonly<{ connection: NatsConnection; js: JetStreamClient; jsm: JetStreamManager; names: NatsNames }>

const NO_JETSTREAM = 'the server runs without JetStream: start it with --jetstream'

type Address = Readonly<{ url: URL; credentials: string | null; names: NatsNames }>
type Prepare = (jsm: JetStreamManager) => Promise<void>

/**
 * One connection. The client does not reconnect by itself, as it would buffer messages while it is disconnected.
 *
 * @throws {QueueSetupError}
 * @throws {DependencyUnavailable}
 */
export async function connectNats(address: Address, prepare: Prepare): Promise<NatsClient> {
  const { url, names, credentials } = address
  const authenticator = credentials === null ? null : await authenticatorFrom(credentials)
  const connection = await dial(address, authenticator).catch(async (cause) => {
    throw await toConnectError(cause, url)
  })
  const { info } = connection

  try {
    assertServerVersion('2.9', 'NATS', info?.version)
    const jsm = await jetstreamManager(connection, { timeout: REQUEST_TIMEOUT_MS, checkAPI: false })
    await prepare(jsm)
    const disconnected = connection.closed().then((cause) => cause ?? new Error('The connection to NATS was closed.'))
    const js = jetstream(connection, { timeout: REQUEST_TIMEOUT_MS })
    return { connection, js, jsm, names, disconnected, close: () => connection.close() }
  } catch (error) {
    await connection.close()
    throw lacksJetStream(info, error as Error) ? new QueueSetupError(NO_JETSTREAM, '', { cause: error }) : error
  }
}

/** In a cluster, a server that is down may lead the stream. */
const lacksJetStream = (info: NatsConnection['info'], { cause }: Error): boolean =>
  isJetStreamDisabled(cause) && info?.jetstream !== true && info?.cluster === undefined

async function dial({ url, names }: Address, authenticator: Authenticator | null): Promise<NatsConnection> {
  await awaitServerInfo(url, REQUEST_TIMEOUT_MS)
  return connect({
    ...serverOf(url),
    ...(authenticator !== null && { authenticator }),
    name: names.events,
    reconnect: false,
    noAsyncTraces: true, // a stack of each request costs more than the request
    timeout: REQUEST_TIMEOUT_MS,
    pingInterval: REQUEST_TIMEOUT_MS,
    maxPingOut: 2,
  })
}

/** The client takes the parts of a URL as separate options. */
function serverOf({ protocol, host, username, password }: URL) {
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)]
  return {
    servers: host,
    ...(protocol === 'tls:' && { tls: {} }),
    ...(pass !== '' ? { user, pass } : user !== '' && { token: user }),
  }
}
