import { Admin, type BaseOptions, Producer } from '@platformatic/kafka'
import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import type { QueueClient } from '../reconnecting-client.ts'
import { withTimeout } from '../time.ts'
import { toConnectError, translate } from './errors.ts'
import type { KafkaUrl } from './kafka-url.ts'
import type { KafkaNames } from './names.ts'

/** The time-out of a request to a broker. */
export const REQUEST_TIMEOUT_MS = 2_000

const RETRY_MS = 100
const CHECK_MS = 2_000

export type KafkaClient = QueueClient &
  Readonly<{
    url: KafkaUrl
    names: KafkaNames
    admin: Admin
    producer: Producer
    /** Reads the current metadata of the topic of events. */
    topic(): Promise<Topic>
    /** The metadata that was read last. */
    lastTopic(): Topic
    /** Closes the connection after a failure. */
    fail(cause: unknown): void
  }>

/** `leaders` has the broker that leads each partition. */
export type Topic = Readonly<{ id: string; leaders: readonly number[] }>

/** Options of all clients of the library: they never retry, so that no request waits inside the library. */
export const clientOptions = ({ brokers, hasTls, sasl }: KafkaUrl, { events }: KafkaNames): BaseOptions => ({
  clientId: events,
  bootstrapBrokers: [...brokers],
  retries: 0,
  connectTimeout: REQUEST_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  timeout: REQUEST_TIMEOUT_MS,
  ...(hasTls && { tls: {} }),
  ...(sasl !== null && { sasl }),
})

/**
 * Clients of one cluster, until it stops answering. `prepare` creates the topics and groups that are needed.
 *
 * @throws {QueueSetupError}
 * @throws {DependencyUnavailable}
 */
export async function connectKafka(
  url: KafkaUrl,
  names: KafkaNames,
  prepare: (kafka: KafkaClient) => Promise<void>,
): Promise<KafkaClient> {
  const lost = Promise.withResolvers<Error>()
  const admin = new Admin(clientOptions(url, names))
  const producer = new Producer({
    ...clientOptions(url, names),
    idempotent: true,
    producerId: -1n,
    producerEpoch: -1,
    retries: true,
    retryDelay: RETRY_MS,
  })
  let last: Topic = { id: '', leaders: [] }
  const kafka: KafkaClient = {
    url,
    names,
    admin,
    producer,
    async topic() {
      last = await topicOf(admin, names.events)
      return last
    },
    lastTopic: () => last,
    disconnected: lost.promise,
    fail: (cause) => lost.resolve(translate(cause)),
    async close() {
      clearInterval(timer)
      await Promise.all([closeQuietly(admin), closeQuietly(producer)])
    },
  }
  const check = () => void kafka.topic().catch(kafka.fail)
  let timer: NodeJS.Timeout | undefined
  void lost.promise.then(kafka.close)

  try {
    await withTimeout(REQUEST_TIMEOUT_MS, admin.metadata({ topics: [], forceUpdate: true }), timeoutError)
    await prepare(kafka)
    timer = setInterval(check, CHECK_MS)
    for (const client of [admin, producer]) client.on('client:broker:disconnect', check)
    return kafka
  } catch (error) {
    await kafka.close()
    throw await toConnectError(error, url)
  }
}

async function topicOf(admin: Admin, name: string): Promise<Topic> {
  const { topics } = await withTimeout(
    REQUEST_TIMEOUT_MS,
    admin.metadata({ topics: [name], forceUpdate: true }),
    timeoutError,
  )
  const topic = topics.get(name)
  if (topic === undefined) throw new DependencyUnavailable('message queue')
  return { id: topic.id, leaders: topic.partitions.map(({ leader }) => leader) }
}

/** Does not wait longer if the broker does not reply in time. */
export const closeQuietly = (client: Readonly<{ close(): Promise<unknown> }>): Promise<void> =>
  withTimeout(REQUEST_TIMEOUT_MS, client.close(), timeoutError).then(
    () => {},
    () => {},
  )

export const timeoutError = (): Error => new Error('Kafka did not answer in time.')
