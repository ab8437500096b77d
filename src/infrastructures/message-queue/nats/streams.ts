import {
  AckPolicy,
  type ConsumerConfig,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream'
import { errors, nanos } from '@nats-io/transport-node'
import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import { LEASE_MS } from '../lease.ts'
import { PREFETCH } from '../ordered-dispatcher.ts'
import { QueueSetupError } from '../queue-options.ts'
import type { NatsClient } from './connect.ts'
import type { NatsNames } from './names.ts'

type Settings = Pick<StreamConfig, 'name' | 'subjects'> & Partial<StreamConfig>

/** `duplicate_window`: within it the server drops a second message with the same id. */
const DEDUPLICATION_WINDOW_MS = 10 * 60_000

const MAX_DEAD_LETTERS = 1_000_000

const STREAM_NAME_IN_USE = 10058
const CONSUMER_EXISTS = 10148
const WRONG_LAST_SEQUENCE = 10071
const NO_CLUSTER = 10074
/** Fewer servers are up than `num_replicas`. */
const TOO_FEW_SERVERS = 10005

/** Existing streams keep what an operator has set: replicas, placement, limits. */
export async function declareStreams(
  jsm: JetStreamManager,
  { events, deadLetters, consumers }: NatsNames,
  { retentionMs, replicas }: Readonly<{ retentionMs: number; replicas: number }>,
): Promise<void> {
  const retained = { max_age: nanos(retentionMs) }
  const declareStream = (settings: Settings) => declareReplicated(jsm, { num_replicas: replicas, ...settings })
  const window = nanos(Math.min(DEDUPLICATION_WINDOW_MS, retentionMs))
  await declareStream({ ...retained, name: events, subjects: [`${events}.>`], duplicate_window: window })
  await declareStream({ name: deadLetters, subjects: [`${deadLetters}.*`], max_msgs: MAX_DEAD_LETTERS })
  await declareStream({ name: consumers, subjects: [`${consumers}.*.*`], max_msgs_per_subject: 1 })
}

/** A consumer for the messages, and one by which the processes of a name elect their leader. */
export async function declareConsumer(
  jsm: JetStreamManager,
  names: NatsNames,
  name: string,
  topics: readonly string[] | undefined,
): Promise<void> {
  const common = { durable_name: name, ack_policy: AckPolicy.Explicit, ack_wait: nanos(LEASE_MS), max_deliver: -1 }
  const leadership = {
    deliver_policy: DeliverPolicy.All,
    filter_subject: names.leaderTokenOf(name),
    max_ack_pending: 1,
  }
  const [topic, ...others] = topics ?? []
  const isOne = topic !== undefined && others.length === 0 // servers before 2.10 take one, or all
  const filter = isOne ? { filter_subject: names.eventOf(topic) } : {}
  await declare(jsm, names.events, {
    ...common,
    ...filter,
    deliver_policy: DeliverPolicy.New,
    max_ack_pending: PREFETCH,
  })
  await declare(jsm, names.consumers, { ...common, ...leadership })
}

async function declare(jsm: JetStreamManager, stream: string, settings: Partial<ConsumerConfig>): Promise<void> {
  await translatingErrors(() =>
    jsm.consumers.add(stream, settings).catch((error) => {
      if (codeOf(error) !== CONSUMER_EXISTS) throw error
      const anew = { filter_subject: undefined, ...settings } as Partial<ConsumerConfig> // a missing field stays unchanged
      return jsm.consumers.update(stream, settings.durable_name ?? '', anew)
    }),
  )
}

async function declareReplicated(jsm: JetStreamManager, settings: Settings): Promise<void> {
  const common = { storage: StorageType.File, retention: RetentionPolicy.Limits, discard: DiscardPolicy.Old }
  await translatingErrors(() =>
    jsm.streams.add({ ...common, ...settings }).catch((error) => {
      if (codeOf(error) !== STREAM_NAME_IN_USE) throw error
    }),
  )
}

/**
 * Makes the server drop pull requests of clients that are gone, which it does when it gets a request for the consumer's info.
 * Version 2.9 miscounts if it meets such a pull request while a message waits for redelivery.
 */
export async function dropEndedRequests({ jsm, names }: NatsClient, name: string): Promise<void> {
  await jsm.consumers.info(names.events, name)
}

/** Whether a message was refused because the subject has one already. */
export const alreadyExists = (error: unknown): boolean => codeOf(error) === WRONG_LAST_SEQUENCE

const REPLICAS_HINT = 'Let QUEUE_URL name servers of one cluster, or end with ?replicas=1.'

/** An error reply of the server lasts until an operator acts; a missing reply does not. */
async function translatingErrors(request: () => Promise<unknown>): Promise<void> {
  try {
    await request()
  } catch (cause) {
    throw setupErrorIn(cause as Error) ?? new DependencyUnavailable('message queue', { cause })
  }
}

/** Whether the server, or the account, has no JetStream: the library does not export the class of this error. */
export const isJetStreamDisabled = (error: unknown): boolean =>
  error instanceof Error && error.name === 'JetStreamNotEnabled'

function setupErrorIn(cause: Error): QueueSetupError | null {
  const { message, cause: answer } = cause
  if (isJetStreamDisabled(cause) && answer instanceof JetStreamApiError) {
    return new QueueSetupError(`the account of this user has no JetStream (${message})`, '', { cause })
  }
  if (answer instanceof errors.PermissionViolationError) {
    return new QueueSetupError(`the user may not set up streams and consumers (${message})`, '', { cause })
  }
  if (codeOf(cause) === NO_CLUSTER) {
    return new QueueSetupError('the server is in no cluster, so its streams have no replicas', REPLICAS_HINT, { cause })
  }
  if (!(cause instanceof JetStreamApiError) || cause.status >= 500 || cause.code === TOO_FEW_SERVERS) return null
  const hint = 'Compare the streams and consumers of NAME_PREFIX with the documentation.'
  return new QueueSetupError(`NATS refuses the streams or consumers of this service: ${message}.`, hint, { cause })
}

const codeOf = (error: unknown): number | null => (error instanceof JetStreamApiError ? error.code : null)
