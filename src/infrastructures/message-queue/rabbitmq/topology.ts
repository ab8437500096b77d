import type { ChannelModel } from 'amqplib'
import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import { QueueSetupError } from '../queue-options.ts'
import { withTimeout } from '../time.ts'
import type { RabbitmqNames } from './names.ts'

const MAX_DEAD_LETTERS = 1_000_000

const ALL_TOPICS = '#'

/** In effect none: the delivery limit of newer servers, 20, would make dead letters of messages that only waited. */
const NO_DELIVERY_LIMIT = 1_000_000_000

/** Replicated queues are slow to declare. */
const DECLARE_TIMEOUT_MS = 5_000

const SETUP_ERROR_CODES = [402, 403, 404, 405, 406, 530, 540]

export async function declareExchanges(connection: ChannelModel, names: RabbitmqNames): Promise<void> {
  await onChannel(connection, async (channel) => {
    await channel.assertExchange(names.events, 'topic', { durable: true })
    await channel.assertExchange(names.deadLetters, 'direct', { durable: true })
  })
}

/** The replicated queues of a consumer: its messages, its dead letters, and its attempts. */
export async function declareConsumer(
  connection: ChannelModel,
  names: RabbitmqNames,
  name: string,
  topics: readonly string[] | undefined,
): Promise<void> {
  const quorum = { 'x-queue-type': 'quorum' }
  const dropOldest = { ...quorum, 'x-overflow': 'drop-head' }
  const main = {
    ...quorum,
    'x-single-active-consumer': true,
    'x-delivery-limit': NO_DELIVERY_LIMIT,
    'x-dead-letter-exchange': names.deadLetters,
    'x-dead-letter-routing-key': name,
  }
  await onChannel(connection, async (channel) => {
    const declare = (queue: string, settings: Readonly<Record<string, unknown>>) =>
      channel.assertQueue(queue, { durable: true, arguments: settings })
    await declare(names.deadLettersOf(name), { ...dropOldest, 'x-max-length': MAX_DEAD_LETTERS })
    await channel.bindQueue(names.deadLettersOf(name), names.deadLetters, name)
    await declare(names.attemptsOf(name), { ...dropOldest, 'x-max-length': 1 })
    await declare(names.queueOf(name), main)
    for (const topic of topics ?? [ALL_TOPICS]) {
      await channel.bindQueue(names.queueOf(name), names.events, names.routingKey(topic))
    }
    // An earlier version of this consumer read all topics.
    if (topics) await channel.unbindQueue(names.queueOf(name), names.events, names.routingKey(ALL_TOPICS))
  })
}

type Channel = Awaited<ReturnType<ChannelModel['createChannel']>>

/** The server closes the channel on which it refuses a request. */
async function onChannel(connection: ChannelModel, work: (channel: Channel) => Promise<void>): Promise<void> {
  try {
    await withTimeout(
      DECLARE_TIMEOUT_MS,
      withChannel(connection, work),
      () => new Error('RabbitMQ did not answer in time.'),
    )
  } catch (cause) {
    throw translate(cause)
  }
}

async function withChannel(connection: ChannelModel, work: (channel: Channel) => Promise<void>): Promise<void> {
  const channel = await connection.createChannel()
  channel.on('error', () => {}) // the call that failed is rejected with the same error
  await work(channel)
  await channel.close()
}

/** What the failure of a call means: an error reply lasts until an operator acts, a missing reply does not. */
export function translate(cause: unknown): Error {
  const { code, message } = cause as Error & { code?: unknown }
  if (!SETUP_ERROR_CODES.includes(Number(code)) && !/ACCESS.REFUSED|NOT.ALLOWED/i.test(message)) {
    return new DependencyUnavailable('message queue', { cause })
  }
  const hint =
    code === 406
      ? 'A queue or exchange is there with other settings. Delete it once it is empty: it is declared anew at the next start.'
      : 'Check the user, the password and the virtual host in QUEUE_URL, and what the user may do there.'
  return new QueueSetupError(`RabbitMQ refuses this service: ${message}`, hint, { cause })
}
