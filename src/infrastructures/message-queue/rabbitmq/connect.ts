import type { Duplex } from 'node:stream'
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib'
import { assertServerVersion } from '../../connection/server-version.ts'
import { LEASE_MS } from '../lease.ts'
import type { QueueOptions } from '../queue-options.ts'
import type { QueueClient } from '../reconnecting-client.ts'
import { withTimeout } from '../time.ts'
import { toConnectError } from './connect-error.ts'
import type { RabbitmqNames } from './names.ts'
import { declareConsumer, declareExchanges } from './topology.ts'

/** The time-out of a request to the server. */
export const REQUEST_TIMEOUT_MS = 2_000

/** The heartbeat interval in seconds. After two without traffic either side closes the connection: later than a lease expires. */
const HEARTBEAT = Math.ceil(LEASE_MS / 1_000)

export type RabbitmqClient = QueueClient &
  Readonly<{
    connection: ChannelModel
    confirmChannel: ConfirmChannel
    names: RabbitmqNames
    /** Closes the connection after a failure. */
    fail(cause: Error): void
  }>

/**
 * One connection, after declaring the exchanges and queues.
 *
 * @throws {QueueSetupError}
 * @throws {DependencyUnavailable}
 */
export async function connectRabbitmq(
  url: string,
  names: RabbitmqNames,
  consumers: Iterable<string>,
  topics: QueueOptions['topics'] = {},
): Promise<RabbitmqClient> {
  const address = new URL(url)
  address.searchParams.set('heartbeat', String(HEARTBEAT))
  const connection = await connect(address.href, { timeout: REQUEST_TIMEOUT_MS, noDelay: true }).catch(
    async (cause) => {
      throw await toConnectError(cause, address)
    },
  )
  const disconnected = Promise.withResolvers<Error>()
  connection.on('error', disconnected.resolve)
  connection.on('close', (cause) => disconnected.resolve(cause ?? new Error('The connection to RabbitMQ was closed.')))

  try {
    assertServerVersion('3.10', 'RabbitMQ', versionOf(connection))
    await declareExchanges(connection, names)
    for (const name of consumers) await declareConsumer(connection, names, name, topics[name])
    const confirmChannel = await connection.createConfirmChannel()
    confirmChannel.on('error', disconnected.resolve)
    confirmChannel.on('close', () => void connection.close().catch(() => {}))
    return {
      connection,
      confirmChannel,
      names,
      disconnected: disconnected.promise,
      fail(cause) {
        disconnected.resolve(cause)
        void closeOrDestroy(connection)
      },
      close: () => closeOrDestroy(connection),
    }
  } catch (error) {
    await closeOrDestroy(connection)
    throw error
  }
}

const versionOf = ({ connection }: ChannelModel): unknown => connection.serverProperties['version']

/** Destroys the connection if the server does not reply in time. */
async function closeOrDestroy(connection: ChannelModel): Promise<void> {
  const { stream } = connection.connection as unknown as { stream: Duplex }
  await withTimeout(REQUEST_TIMEOUT_MS, connection.close(), () => new Error('too late')).catch(() => {})
  stream.destroy()
}
