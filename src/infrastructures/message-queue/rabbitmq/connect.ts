import type { Duplex } from 'node:stream'
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib'
import { mustBeAtLeast } from '../../connection/server-version.ts'
import type { Link } from '../keep-connected.ts'
import { LEASE_MS } from '../lease.ts'
import { within } from '../time.ts'
import type { RabbitmqNames } from './names.ts'
import { declareConsumer, declareExchanges } from './topology.ts'
import { whyNotConnected } from './why-not-connected.ts'

/** How long the server may take for an answer, in milliseconds. */
export const ANSWER_MS = 2_000

/** So many seconds of silence, twice in a row, end a connection on either side: later than a lease lapses. */
const HEARTBEAT = Math.ceil(LEASE_MS / 1_000)

export type RabbitmqLink = Link &
  Readonly<{ connection: ChannelModel; confirming: ConfirmChannel; names: RabbitmqNames }>

/**
 * One connection, with all that is needed declared.
 *
 * @throws {QueueRefused}
 * @throws {DependencyUnavailable}
 */
export async function connectRabbitmq(
  url: string,
  names: RabbitmqNames,
  consumers: Iterable<string>,
): Promise<RabbitmqLink> {
  const address = new URL(url)
  address.searchParams.set('heartbeat', String(HEARTBEAT))
  const connection = await connect(address.href, { timeout: ANSWER_MS, noDelay: true }).catch(async (cause) => {
    throw await whyNotConnected(cause, address)
  })
  const lost = Promise.withResolvers<Error>()
  connection.on('error', lost.resolve)
  connection.on('close', (cause) => lost.resolve(cause ?? new Error('The connection to RabbitMQ was closed.')))

  try {
    mustBeAtLeast('3.10', 'RabbitMQ', versionOf(connection))
    await declareExchanges(connection, names)
    for (const name of consumers) await declareConsumer(connection, names, name)
    const confirming = await connection.createConfirmChannel()
    confirming.on('error', lost.resolve)
    confirming.on('close', () => void connection.close().catch(() => {}))
    return { connection, confirming, names, lost: lost.promise, close: () => hangUp(connection) }
  } catch (error) {
    await hangUp(connection)
    throw error
  }
}

const versionOf = ({ connection }: ChannelModel): unknown => connection.serverProperties['version']

/** A server that does not say good-bye in time is left without. */
async function hangUp(connection: ChannelModel): Promise<void> {
  const { stream } = connection.connection as unknown as { stream: Duplex }
  await within(ANSWER_MS, connection.close(), () => new Error('too late')).catch(() => {})
  stream.destroy()
}
