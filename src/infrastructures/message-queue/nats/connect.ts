import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { mustBeAtLeast } from '../../connection/server-version.ts'
import type { Link } from '../keep-connected.ts'
import { QueueRefused } from '../queue-options.ts'
import { greeted } from './greeting.ts'
import type { NatsNames } from './names.ts'
import { saysWithoutJetStream } from './streams.ts'
import { whyNotConnected } from './why-not-connected.ts'

/** How long the server may take for an answer, in milliseconds. */
export const ANSWER_MS = 2_000

export type NatsLink = Link &
  Readonly<{ connection: NatsConnection; js: JetStreamClient; jsm: JetStreamManager; names: NatsNames }>

const WITHOUT_JETSTREAM = 'the server runs without JetStream: start it with --jetstream'

type Prepare = (jsm: JetStreamManager) => Promise<void>

/**
 * One connection, which the client does not renew by itself: while it is away it would keep whatever it was to send.
 *
 * @throws {QueueRefused}
 * @throws {DependencyUnavailable}
 */
export async function connectNats(url: string, names: NatsNames, prepare: Prepare): Promise<NatsLink> {
  const connection = await dial(new URL(url), names).catch(async (cause) => {
    throw await whyNotConnected(cause, new URL(url))
  })
  const { info } = connection

  try {
    mustBeAtLeast('2.9', 'NATS', info?.version)
    const jsm = await jetstreamManager(connection, { timeout: ANSWER_MS, checkAPI: false })
    await prepare(jsm)
    const lost = connection.closed().then((cause) => cause ?? new Error('The connection to NATS was closed.'))
    const js = jetstream(connection, { timeout: ANSWER_MS })
    return { connection, js, jsm, names, lost, close: () => connection.close() }
  } catch (error) {
    await connection.close()
    throw isWithoutJetStream(info, error as Error) ? new QueueRefused(WITHOUT_JETSTREAM, '', { cause: error }) : error
  }
}

/** In a cluster another server, which is away, may have it. */
const isWithoutJetStream = (info: NatsConnection['info'], { cause }: Error): boolean =>
  saysWithoutJetStream(cause) && info?.jetstream !== true && info?.cluster === undefined

async function dial(url: URL, names: NatsNames): Promise<NatsConnection> {
  await greeted(url, ANSWER_MS)
  return connect({
    ...serverOf(url),
    name: names.events,
    reconnect: false,
    timeout: ANSWER_MS,
    pingInterval: ANSWER_MS,
    maxPingOut: 2,
  })
}

/** The client wants the parts of a URL one by one. */
function serverOf({ protocol, host, username, password }: URL) {
  const [user, pass] = [decodeURIComponent(username), decodeURIComponent(password)]
  return {
    servers: host,
    ...(protocol === 'tls:' && { tls: {} }),
    ...(pass !== '' ? { user, pass } : user !== '' && { token: user }),
  }
}
