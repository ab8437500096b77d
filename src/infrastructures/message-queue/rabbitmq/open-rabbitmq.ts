import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import type { Consumption, MessageQueue } from '../../../domains/ports/message-queue.ts'
import { keepConnected } from '../keep-connected.ts'
import { keepConsuming } from '../keep-consuming.ts'
import { publishInOrder } from '../publish-in-order.ts'
import { checkConsumerName, type QueueOptions } from '../queue-options.ts'
import { within } from '../time.ts'
import { ANSWER_MS, connectRabbitmq } from './connect.ts'
import { rabbitmqNames } from './names.ts'
import { rabbitmqPublisher } from './publish.ts'
import { rabbitmqSession } from './rabbitmq-session.ts'
import { declareConsumer } from './topology.ts'

/**
 * A queue on RabbitMQ, 3.10 or later. It publishes and consumes over connections of their own, as a server in need
 * stops listening to those that publish.
 *
 * @throws {QueueRefused}
 */
export async function openRabbitmq(url: string, options: QueueOptions): Promise<MessageQueue> {
  const { retentionMs, firstPauseMs, onTrouble, onLost = onTrouble, onRestored = () => {} } = options
  const names = rabbitmqNames(options.namespace)
  const consumers = new Set(options.consumers)
  const connection = { open: () => connectRabbitmq(url, names, consumers), onLost, onRestored }
  const publishing = await keepConnected(connection)
  const consuming = await keepConnected(connection).catch(async (refusal) => {
    await publishing.close()
    throw refusal
  })
  const consumptions = new Set<Consumption>()

  return {
    publish: publishInOrder(rabbitmqPublisher(publishing.link, retentionMs)),

    async consume(consumer, handle) {
      checkConsumerName(consumer.name)
      consumers.add(consumer.name)
      const session = rabbitmqSession({ consumer, handle, firstPauseMs }, new Map())
      const declare = () => declareConsumer(consuming.link().connection, names, consumer.name)
      const consumption = await keepConsuming({ connected: consuming, declare, session, onTrouble })
      consumptions.add(consumption)
      return consumption
    },

    deadLetters: () =>
      available(async () => {
        const { confirming } = publishing.link()
        const counts = [...consumers].map(async (name) => {
          const { messageCount } = await confirming.checkQueue(names.deadLettersOf(name))
          return [name, messageCount] as const
        })
        return Object.fromEntries(await Promise.all(counts))
      }),

    ping: () =>
      available(async () => {
        await publishing.link().confirming.checkExchange(names.events)
      }),

    async close() {
      await Promise.all([...consumptions].map(({ stop }) => stop()))
      await Promise.all([publishing.close(), consuming.close()])
    },
  }
}

/** @throws {DependencyUnavailable} when `task` fails, or takes too long */
async function available<Result>(task: () => Promise<Result>): Promise<Result> {
  try {
    return await within(ANSWER_MS, task(), () => new Error('RabbitMQ did not answer in time.'))
  } catch (cause) {
    throw new DependencyUnavailable('message queue', { cause })
  }
}
