import { setTimeout as sleep } from 'node:timers/promises'
import { ConfigResourceTypes } from '@platformatic/kafka'
import { QueueRefused } from '../queue-options.ts'
import { within } from '../time.ts'
import { ANSWER_MS, type KafkaLink, tooLate } from './connect.ts'
import { isAnswer } from './errors.ts'

/** Replicated topics take their time. */
const DECLARED_MS = 10_000
const LOOK_AGAIN_MS = 100

const MAX_DEAD_LETTER_BYTES = 2 ** 30

/** A topic that is there stays as it is, with what an operator has set. */
export async function declareEvents(link: KafkaLink, retentionMs: number): Promise<void> {
  const { names, url } = link
  await declareTopic(link, names.events, url.partitions, { 'retention.ms': String(retentionMs) })
  await mustDelete(link, names.events)
}

export async function declareDeadLetters(link: KafkaLink, name: string): Promise<void> {
  const kept = { 'retention.ms': '-1', 'retention.bytes': String(MAX_DEAD_LETTER_BYTES) }
  await declareTopic(link, link.names.deadLettersOf(name), 1, kept)
}

async function declareTopic(
  link: KafkaLink,
  topic: string,
  partitions: number,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const configs = Object.entries({ 'cleanup.policy': 'delete', ...settings }).map(([name, value]) => ({ name, value }))
  const replicas = link.url.replicas ?? -1
  if (await hasLeaders(link, topic)) return
  await within(DECLARED_MS, link.admin.createTopics({ topics: [topic], partitions, replicas, configs }), tooLate).catch(
    (error) => {
      if (!isAnswer(error, 'TOPIC_ALREADY_EXISTS')) throw error
    },
  )
  const deadline = performance.now() + DECLARED_MS
  while (!(await hasLeaders(link, topic))) {
    if (performance.now() > deadline) throw tooLate()
    await sleep(LOOK_AGAIN_MS)
  }
}

/** Whether a topic is there, and each of its partitions can be written. */
async function hasLeaders({ admin }: KafkaLink, topic: string): Promise<boolean> {
  try {
    const { topics } = await within(ANSWER_MS, admin.metadata({ topics: [topic], forceUpdate: true }), tooLate)
    return topics.get(topic)?.partitions.every(({ leader }) => leader >= 0) ?? false
  } catch (error) {
    if (/^Unknown topic/.test((error as Error).message) || isAnswer(error, 'LEADER_NOT_AVAILABLE')) return false
    throw error
  }
}

/** A topic that is compacted keeps only the last event of a subject. */
async function mustDelete({ admin }: KafkaLink, topic: string): Promise<void> {
  const asked = { resourceType: ConfigResourceTypes.TOPIC, resourceName: topic, configurationKeys: ['cleanup.policy'] }
  const [described] = await within(ANSWER_MS, admin.describeConfigs({ resources: [asked] }), tooLate)
  const policy = described?.configs.find(({ name }) => name === 'cleanup.policy')?.value ?? 'delete'
  if (policy === 'delete') return
  const hint = 'Compare the topic with the documentation, and set its cleanup.policy to delete.'
  throw new QueueRefused(`Kafka refuses to keep each message: the topic ${topic} has cleanup.policy=${policy}`, hint)
}
