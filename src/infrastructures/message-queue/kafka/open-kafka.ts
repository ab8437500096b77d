import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import type { Consumption, MessageQueue } from '../../../domains/ports/message-queue.ts'
import { keepConnected } from '../keep-connected.ts'
import { keepConsuming } from '../keep-consuming.ts'
import { checkConsumerName, type QueueOptions } from '../queue-options.ts'
import { within } from '../time.ts'
import { ANSWER_MS, connectKafka, type KafkaLink, tooLate } from './connect.ts'
import { declareConsumer } from './consumers.ts'
import { translate } from './errors.ts'
import { kafkaSession } from './kafka-session.ts'
import { parseKafkaUrl } from './kafka-url.ts'
import { kafkaNames } from './names.ts'
import { kafkaPublisher } from './publish.ts'
import { declareEvents } from './topics.ts'

const EARLIEST = -2n
const LATEST = -1n

/** A queue on Apache Kafka, 4.0 or later. Processes share the partitions of the topic. @throws {QueueRefused} */
export async function openKafka(text: string, options: QueueOptions): Promise<MessageQueue> {
  const { retentionMs, firstPauseMs, onTrouble, onLost = onTrouble, onRestored = () => {} } = options
  const url = parseKafkaUrl(text)
  const names = kafkaNames(options.namespace)
  const consumers = new Set(options.consumers)
  const open = () =>
    connectKafka(url, names, async (link) => {
      await declareEvents(link, retentionMs)
      for (const name of consumers) await declareConsumer(link, name)
    })
  const connected = await keepConnected({ open, onLost, onRestored })
  const consumptions = new Set<Consumption>()

  return {
    publish: kafkaPublisher(connected.link),

    async consume(consumer, handle) {
      checkConsumerName(consumer.name)
      consumers.add(consumer.name)
      const session = kafkaSession({ consumer, handle, firstPauseMs }, new Map())
      const declare = (link: KafkaLink) => declareConsumer(link, consumer.name)
      const consumption = await keepConsuming({ connected, declare, session, onTrouble })
      consumptions.add(consumption)
      return consumption
    },

    deadLetters: () =>
      available(async () => {
        const counts = [...consumers].map(async (name) => [name, await deadLettersOf(connected.link(), name)] as const)
        return Object.fromEntries(await Promise.all(counts))
      }),

    ping: () => available(async () => void (await connected.link().topic())),

    async close() {
      await Promise.all([...consumptions].map(({ stop }) => stop()))
      await connected.close()
    },
  }
}

/** What was set aside and is still there. */
async function deadLettersOf({ admin, names }: KafkaLink, name: string): Promise<number> {
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
    return await within(ANSWER_MS, task(), tooLate)
  } catch (cause) {
    throw new DependencyUnavailable('message queue', { cause: translate(cause) })
  }
}
