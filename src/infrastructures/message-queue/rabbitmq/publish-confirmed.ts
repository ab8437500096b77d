import type { ConfirmChannel, Options } from 'amqplib'
import { withTimeout } from '../time.ts'
import { type RabbitmqClient, REQUEST_TIMEOUT_MS } from './connect.ts'

type Sent = Readonly<{ exchange: string; routingKey: string; body: Buffer; options: Options.Publish }>

/** Messages that are not confirmed are kept here until they are: a server that reads nothing is not fed any further. */
const MAX_UNCONFIRMED = 4_096
const unconfirmed = new WeakMap<ConfirmChannel, number>()

/**
 * Resolves once every queue that is to have the message has it on disk, on most of its replicas. A server of a cluster that
 * refuses a message, since the leader of a queue is away, may refuse all that follow on the same channel: the connection ends.
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
