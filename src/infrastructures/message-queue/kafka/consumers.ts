import { LEASE_MS } from '../lease.ts'
import { withTimeout } from '../time.ts'
import { type KafkaClient, REQUEST_TIMEOUT_MS, timeoutError } from './connect.ts'
import { onceCoordinated } from './coordinator.ts'
import { translate } from './errors.ts'
import { openGroup } from './group.ts'
import type { Committed } from './progress.ts'
import { declareDeadLetters } from './topics.ts'

const LATEST = -1n
const MAX_TRIES = 10

/** Makes Kafka keep messages for a name from now on. */
export async function declareConsumer(kafka: KafkaClient, name: string): Promise<void> {
  try {
    await declareDeadLetters(kafka, name)
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      if (await isKnown(kafka, name)) return
      await beginAtEnd(kafka, name)
    }
    throw new Error(`Kafka did not store the start offset of ${name}.`)
  } catch (cause) {
    throw translate(cause)
  }
}

async function isKnown({ admin, names }: KafkaClient, name: string): Promise<boolean> {
  const asked = { groups: [names.groupOf(name)] }
  const groups = await onceCoordinated(() => admin.listConsumerGroupOffsets(asked))
  return groups.some(({ topics }) => topics.some((topic) => topic.name === names.events))
}

/**
 * Commits the end offset of each partition as a member of the group, so that only one process can do so: a second one would skip
 * messages that were published after the first one did.
 */
async function beginAtEnd(kafka: KafkaClient, name: string): Promise<void> {
  const group = await openGroup(kafka, { name, rebalanceMs: LEASE_MS, identity: { memberId: '' } })
  try {
    const { leaders } = await kafka.topic()
    const membership = await group.join(leaders.length)
    if (membership.isLeader && !(await isKnown(kafka, name))) await group.commit(membership, await endsOf(kafka))
    await group.leave()
  } finally {
    await group.close()
  }
}

async function endsOf(kafka: KafkaClient): Promise<ReadonlyMap<number, Committed>> {
  const { leaders } = await kafka.topic()
  const partitions = leaders.map((_, partitionIndex) => ({ partitionIndex, timestamp: LATEST }))
  const asked = kafka.admin.listOffsets({ topics: [{ name: kafka.names.events, partitions }] })
  const [topic] = await withTimeout(REQUEST_TIMEOUT_MS, asked, timeoutError)
  return new Map(
    (topic?.partitions ?? []).map(({ partitionIndex, offset }) => [
      partitionIndex,
      { offset: Number(offset), metadata: '' },
    ]),
  )
}
