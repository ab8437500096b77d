import { Admin, type BaseOptions, Producer } from '@platformatic/kafka'
import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import type { Link } from '../keep-connected.ts'
import { within } from '../time.ts'
import { translate, whyNotConnected } from './errors.ts'
import type { KafkaUrl } from './kafka-url.ts'
import type { KafkaNames } from './names.ts'

/** How long a broker may take for an answer, in milliseconds. */
export const ANSWER_MS = 2_000

const RETRY_MS = 100
const CHECK_MS = 2_000

export type KafkaLink = Link &
  Readonly<{
    url: KafkaUrl
    names: KafkaNames
    admin: Admin
    producer: Producer
    /** Asks for the topic of the messages, as it is now. */
    topic(): Promise<Topic>
    /** The same as it was when it was last asked for. */
    lastTopic(): Topic
    /** Ends the connection, as it is of no use any more. */
    fail(cause: unknown): void
  }>

/** `leaders` are the brokers where its partitions are read and written. */
export type Topic = Readonly<{ id: string; leaders: readonly number[] }>

/** What a client of the library is told in every case: it gives up at once, so that nothing waits unseen. */
export const clientOptions = ({ brokers, hasTls, sasl }: KafkaUrl, { events }: KafkaNames): BaseOptions => ({
  clientId: events,
  bootstrapBrokers: [...brokers],
  retries: 0,
  connectTimeout: ANSWER_MS,
  requestTimeout: ANSWER_MS,
  timeout: ANSWER_MS,
  ...(hasTls && { tls: {} }),
  ...(sasl !== null && { sasl }),
})

/**
 * Clients of one cluster, as long as it answers. `prepare` declares what is needed there.
 *
 * @throws {QueueRefused}
 * @throws {DependencyUnavailable}
 */
export async function connectKafka(
  url: KafkaUrl,
  names: KafkaNames,
  prepare: (link: KafkaLink) => Promise<void>,
): Promise<KafkaLink> {
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
  const link: KafkaLink = {
    url,
    names,
    admin,
    producer,
    async topic() {
      last = await topicOf(admin, names.events)
      return last
    },
    lastTopic: () => last,
    lost: lost.promise,
    fail: (cause) => lost.resolve(translate(cause)),
    async close() {
      clearInterval(timer)
      await Promise.all([hangUp(admin), hangUp(producer)])
    },
  }
  const check = () => void link.topic().catch(link.fail)
  let timer: NodeJS.Timeout | undefined
  void lost.promise.then(link.close)

  try {
    await within(ANSWER_MS, admin.metadata({ topics: [], forceUpdate: true }), tooLate)
    await prepare(link)
    timer = setInterval(check, CHECK_MS)
    for (const client of [admin, producer]) client.on('client:broker:disconnect', check)
    return link
  } catch (error) {
    await link.close()
    throw await whyNotConnected(error, url)
  }
}

async function topicOf(admin: Admin, name: string): Promise<Topic> {
  const { topics } = await within(ANSWER_MS, admin.metadata({ topics: [name], forceUpdate: true }), tooLate)
  const topic = topics.get(name)
  if (topic === undefined) throw new DependencyUnavailable('message queue')
  return { id: topic.id, leaders: topic.partitions.map(({ leader }) => leader) }
}

/** A broker that does not say good-bye in time is left without. */
export const hangUp = (client: Readonly<{ close(): Promise<unknown> }>): Promise<void> =>
  within(ANSWER_MS, client.close(), tooLate).then(
    () => {},
    () => {},
  )

export const tooLate = (): Error => new Error('Kafka did not answer in time.')
