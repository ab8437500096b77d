import type { ConfirmChannel, Options } from 'amqplib'
import { withTimeout } from '../time.ts'
import { type RabbitmqClient, REQUEST_TIMEOUT_MS } from './connect.ts'

type Sent = Readonly<{ exchange: string; routingKey: string; body: Buffer; options: Options.Publish }>

/** The most unconfirmed messages, which the library holds in memory: beyond that, publishing fails. */
const MAX_UNCONFIRMED = 4_096
const unconfirmed = new WeakMap<ConfirmChannel, number>()

/**
 * Resolves once every bound queue has the message on disk, on a majority of its replicas. If a server of a cluster refuses a
 * message because the leader of a queue is down, it may refuse all later ones on the channel too: the connection is closed.
 */
export async function publishConfirmed({ confirmChannel: channel, fail }: RabbitmqClient, sent: Sent): Promise<void> {
  const { exchange, routingKey, body, options } = sent
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const before = unconfirmed.get(channel) ?? 0
  if (before >= MAX_UNCONFIRMED) throw new Error('RabbitMQ does not confirm published messages.')
  unconfirmed.set(channel, before + 1)
  channel.publish(exchange, routingKey, body, { ...options, persistent: true }, (error) => {
    unconfirmed.set(channel, (unconfirmed.get(channel) ?? 1) - 1)
    if (!error) return resolve()
    reject(error)
    if (isRefusal(error)) fail(new Error('RabbitMQ refused a published message.', { cause: error }))
  })
  await withTimeout(REQUEST_TIMEOUT_MS, promise, () => new Error('RabbitMQ did not confirm a message in time.'))
}

/** A negative confirmation, not the end of the channel. */
const isRefusal = ({ message }: Error): boolean => message === 'message nacked'
