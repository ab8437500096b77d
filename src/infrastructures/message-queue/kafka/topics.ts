import { setTimeout as sleep } from 'node:timers/promises'
import { ConfigResourceTypes } from '@platformatic/kafka'
import { QueueSetupError } from '../queue-options.ts'
import { withTimeout } from '../time.ts'
import { type KafkaClient, REQUEST_TIMEOUT_MS, timeoutError } from './connect.ts'
import { isAnswer } from './errors.ts'

/** Creating replicated topics takes long. */
const DECLARE_TIMEOUT_MS = 10_000
const CHECK_INTERVAL_MS = 100

const MAX_DEAD_LETTER_BYTES = 2 ** 30

/** An existing topic keeps the configuration that an operator has set. */
export async function declareEvents(kafka: KafkaClient, retentionMs: number): Promise<void> {
  const { names, url } = kafka
  await declareTopic(kafka, names.events, url.partitions, { 'retention.ms': String(retentionMs) })
  await assertDeletes(kafka, names.events)
}

export async function declareDeadLetters(kafka: KafkaClient, name: string): Promise<void> {
  const retained = { 'retention.ms': '-1', 'retention.bytes': String(MAX_DEAD_LETTER_BYTES) }
  await declareTopic(kafka, kafka.names.deadLettersOf(name), 1, retained)
}

async function declareTopic(
  kafka: KafkaClient,
  topic: string,
  partitions: number,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const configs = Object.entries({ 'cleanup.policy': 'delete', ...settings }).map(([name, value]) => ({ name, value }))
  const replicas = kafka.url.replicas ?? -1
  if (await hasLeaders(kafka, topic)) return
  await withTimeout(
    DECLARE_TIMEOUT_MS,
    kafka.admin.createTopics({ topics: [topic], partitions, replicas, configs }),
    timeoutError,
  ).catch((error) => {
    if (!isAnswer(error, 'TOPIC_ALREADY_EXISTS')) throw error
  })
  const deadline = performance.now() + DECLARE_TIMEOUT_MS
  while (!(await hasLeaders(kafka, topic))) {
    if (performance.now() > deadline) throw timeoutError()
    await sleep(CHECK_INTERVAL_MS)
  }
}

/** Whether a topic exists, and each of its partitions can be written. */
async function hasLeaders({ admin }: KafkaClient, topic: string): Promise<boolean> {
  try {
    const { topics } = await withTimeout(
      REQUEST_TIMEOUT_MS,
      admin.metadata({ topics: [topic], forceUpdate: true }),
      timeoutError,
    )
    return topics.get(topic)?.partitions.every(({ leader }) => leader >= 0) ?? false
  } catch (error) {
    if (/^Unknown topic/.test((error as Error).message) || isAnswer(error, 'LEADER_NOT_AVAILABLE')) return false
    throw error
  }
}

/** A topic that is compacted keeps only the last event of a subject. */
async function assertDeletes({ admin }: KafkaClient, topic: string): Promise<void> {
  const asked = { resourceType: ConfigResourceTypes.TOPIC, resourceName: topic, configurationKeys: ['cleanup.policy'] }
  const [described] = await withTimeout(REQUEST_TIMEOUT_MS, admin.describeConfigs({ resources: [asked] }), timeoutError)
  const policy = described?.configs.find(({ name }) => name === 'cleanup.policy')?.value ?? 'delete'
  if (policy === 'delete') return
  const hint = 'Compare the topic with the documentation, and set its cleanup.policy to delete.'
  throw new QueueSetupError(`Kafka refuses to keep each message: the topic ${topic} has cleanup.policy=${policy}`, hint)
}
