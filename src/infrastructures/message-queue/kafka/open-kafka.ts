import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import type { MessageQueue, Subscription } from '../../../domains/ports/message-queue.ts'
import { checkConsumerName, type QueueOptions } from '../queue-options.ts'
import { openReconnectingClient } from '../reconnecting-client.ts'
import { startReconnectingConsumer } from '../reconnecting-consumer.ts'
import { withTimeout } from '../time.ts'
import { connectKafka, type KafkaClient, REQUEST_TIMEOUT_MS, timeoutError } from './connect.ts'
import { declareConsumer } from './consumers.ts'
import { translate } from './errors.ts'
import { kafkaSession } from './kafka-session.ts'
import { parseKafkaUrl } from './kafka-url.ts'
import { kafkaNames } from './names.ts'
import { kafkaPublisher } from './publish.ts'
import { declareEvents } from './topics.ts'

const EARLIEST = -2n
const LATEST = -1n

/** A queue on Apache Kafka, 4.0 or later. Processes share the partitions of the topic. @throws {QueueSetupError} */
export async function openKafka(text: string, options: QueueOptions): Promise<MessageQueue> {
  const { retentionMs, minBackoffMs, onError, onDisconnected = onError, onReconnected = () => {} } = options
  const topics = options.topics ?? {}
  const url = parseKafkaUrl(text)
  const names = kafkaNames(options.namespace)
  const consumers = new Set(options.consumers)
  const open = () =>
    connectKafka(url, names, async (kafka) => {
      await declareEvents(kafka, retentionMs)
      for (const name of consumers) await declareConsumer(kafka, name)
    })
  const reconnecting = await openReconnectingClient({ open, onDisconnected, onReconnected })
  const subscriptions = new Set<Subscription>()

  return {
    publish: kafkaPublisher(reconnecting.client),

    async consume(consumer, handle) {
      checkConsumerName(consumer.name)
      consumers.add(consumer.name)
      const session = kafkaSession({ consumer, handle, minBackoffMs }, topics[consumer.name], new Map())
      const declare = (kafka: KafkaClient) => declareConsumer(kafka, consumer.name)
      const subscription = await startReconnectingConsumer({ reconnecting, declare, session, onError })
      subscriptions.add(subscription)
      return subscription
    },

    deadLetters: () =>
      available(async () => {
        const counts = [...consumers].map(
          async (name) => [name, await deadLettersOf(reconnecting.client(), name)] as const,
        )
        return Object.fromEntries(await Promise.all(counts))
      }),

    ping: () => available(async () => void (await reconnecting.client().topic())),

    async close() {
      await Promise.all([...subscriptions].map(({ stop }) => stop()))
      await reconnecting.close()
    },
  }
}

/** The number of dead letters that are still stored. */
async function deadLettersOf({ admin, names }: KafkaClient, name: string): Promise<number> {
  const ends = [LATEST, EARLIEST].map(async (timestamp) => {
    const asked = { name: names.deadLettersOf(name), partitions: [{ partitionIndex: 0, timestamp }] }
    const [topic] = await admin.listOffsets({ topics: [asked] })
    return Number(topic?.partitions[0]?.offset ?? 0n)
  })
  const [end = 0, start = 0] = await Promise.all(ends)
  return end - start
}

/** @throws {DependencyUnavailable} when `task` fails, or takes too long */
async function available<Result>(task: () => Promise<Result>): Promise<Result> {
  try {
    return await withTimeout(REQUEST_TIMEOUT_MS, task(), timeoutError)
  } catch (cause) {
    throw new DependencyUnavailable('message queue', { cause: translate(cause) })
  }
}
