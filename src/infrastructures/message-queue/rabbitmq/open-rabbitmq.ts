import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import type { MessageQueue, Subscription } from '../../../domains/ports/message-queue.ts'
import { connectingToAny } from '../../connection/server-urls.ts'
import { publishInOrder } from '../publish-in-order.ts'
import { checkConsumerName, type QueueOptions } from '../queue-options.ts'
import { openReconnectingClient } from '../reconnecting-client.ts'
import { startReconnectingConsumer } from '../reconnecting-consumer.ts'
import { withTimeout } from '../time.ts'
import { connectRabbitmq, REQUEST_TIMEOUT_MS } from './connect.ts'
import { rabbitmqNames } from './names.ts'
import { rabbitmqPublisher } from './publish.ts'
import { rabbitmqSession } from './rabbitmq-session.ts'
import { declareConsumer } from './topology.ts'

/**
 * A queue on RabbitMQ, 3.10 or later. It publishes and consumes over separate connections, as a server short of
 * memory or disk blocks those that publish.
 *
 * @throws {QueueSetupError}
 */
export async function openRabbitmq(url: string, options: QueueOptions): Promise<MessageQueue> {
  const { retentionMs, minBackoffMs, onError, onDisconnected = onError, onReconnected = () => {} } = options
  const topics = options.topics ?? {}
  const names = rabbitmqNames(options.namespace)
  const consumers = new Set(options.consumers)
  const open = connectingToAny(url, (server) => connectRabbitmq(server, names, consumers, topics))
  const connection = { open, onDisconnected, onReconnected }
  const publishing = await openReconnectingClient(connection)
  const consuming = await openReconnectingClient(connection).catch(async (setupError) => {
    await publishing.close()
    throw setupError
  })
  const subscriptions = new Set<Subscription>()

  return {
    publish: publishInOrder(rabbitmqPublisher(publishing.client, retentionMs)),

    async consume(consumer, handle) {
      checkConsumerName(consumer.name)
      consumers.add(consumer.name)
      const session = rabbitmqSession({ consumer, handle, minBackoffMs }, topics[consumer.name], new Map())
      const declare = () => declareConsumer(consuming.client().connection, names, consumer.name, topics[consumer.name])
      const subscription = await startReconnectingConsumer({ reconnecting: consuming, declare, session, onError })
      subscriptions.add(subscription)
      return subscription
    },

    deadLetters: () =>
      available(async () => {
        const { confirmChannel } = publishing.client()
        const counts = [...consumers].map(async (name) => {
          const { messageCount } = await confirmChannel.checkQueue(names.deadLettersOf(name))
          return [name, messageCount] as const
        })
        return Object.fromEntries(await Promise.all(counts))
      }),

    ping: () =>
      available(async () => {
        await publishing.client().confirmChannel.checkExchange(names.events)
      }),

    async close() {
      await Promise.all([...subscriptions].map(({ stop }) => stop()))
      await Promise.all([publishing.close(), consuming.close()])
    },
  }
}

/** @throws {DependencyUnavailable} when `task` fails, or takes too long */
async function available<Result>(task: () => Promise<Result>): Promise<Result> {
  try {
    return await withTimeout(REQUEST_TIMEOUT_MS, task(), () => new Error('RabbitMQ did not answer in time.'))
  } catch (cause) {
    throw new DependencyUnavailable('message queue', { cause })
  }
}
