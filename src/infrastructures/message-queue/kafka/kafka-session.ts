import { groupCommit } from '../../../patterns/group-commit.ts'
import type { AttemptStore, Attempts } from '../attempt-counter.ts'
import { LEASE_MS } from '../lease.ts'
import { dispatchUnderLease } from '../leased-dispatcher.ts'
import type { ProcessingOptions } from '../process-message.ts'
import type { Session } from '../reconnecting-consumer.ts'
import { aborted } from '../time.ts'
import type { KafkaClient, Topic } from './connect.ts'
import { deliver } from './deliveries.ts'
import { type Group, type Identity, isExpelled, type Membership, openGroup } from './group.ts'
import { idOf } from './kafka-message.ts'
import { Progress } from './progress.ts'

/** The interval of heartbeats, whose replies report a rebalance. Until then, the partitions of a lost member wait. */
const HEARTBEAT_MS = 500

type LeaseContext = Readonly<{
  processing: Omit<ProcessingOptions, 'counter'>
  reads: (topic: string | null) => boolean
  localAttempts: Attempts
  kafka: KafkaClient
  topic: Topic
  group: Group
  over: AbortSignal
  fail: (cause: unknown) => void
}>

/** Handles the partitions that are assigned to this process, from one rebalance to the next. */
export function kafkaSession(
  processing: Omit<ProcessingOptions, 'counter'>,
  topics: readonly string[] | undefined,
  localAttempts: Attempts,
): Session<KafkaClient> {
  const identity: Identity = { memberId: '' }
  const { name, timeoutMs } = processing.consumer

  return async (kafka, stopping) => {
    const ending = new AbortController()
    const fail = (cause: unknown) => ending.abort(cause)
    void kafka.disconnected.then(fail)
    const over = AbortSignal.any([stopping, ending.signal])
    const named = new Set(topics?.map(kafka.names.topicOf))
    const reads = (topic: string | null) => topics === undefined || topic === null || named.has(topic)
    const group = await openGroup(kafka, { name, rebalanceMs: timeoutMs + LEASE_MS, identity })
    try {
      while (!over.aborted) {
        const topic = await kafka.topic() // read before the rebalance: partitions that are added meanwhile are noticed later
        const membership = await Promise.race([group.join(topic.leaders.length), aborted(over)])
        if (membership)
          await handleShare({ processing, reads, localAttempts, kafka, topic, group, over, fail }, membership)
      }
    } finally {
      if (stopping.aborted) await group.leave().catch(() => {})
      await group.close()
    }
    if (!stopping.aborted) throw ending.signal.reason
  }
}

/** From one rebalance to the next. When it resolves, all handlers have ended, and their progress is committed. */
async function handleShare(context: LeaseContext, membership: Membership): Promise<void> {
  const { processing, reads, localAttempts, kafka, topic, group, over, fail } = context
  const committed = await group.committed(membership.partitions)
  const parts = membership.partitions.map(
    (partition) => new Progress(partition, committed.get(partition) ?? { offset: 0, metadata: null }),
  )
  const commit = groupCommit<void>(
    () => group.commit(membership, new Map(parts.map((part) => [part.partition, part.committed()]))),
    setImmediate,
  )
  const heartbeats = startHeartbeats(context, membership)
  try {
    for (const part of parts) part.isOpen = true
    if (parts.length > 0) await commit()
    const lease = {
      processing,
      renew: heartbeats.beat,
      attemptStore: attemptStoreOf(parts, commit),
      localAttempts,
      fail,
    }
    const until = AbortSignal.any([over, heartbeats.dividing])
    await dispatchUnderLease(lease, (dispatcher) =>
      deliver({ kafka, topic, name: processing.consumer.name, reads, parts, dispatcher, commit, over: until, fail }),
    )
    for (const part of parts) closePart(part, localAttempts)
    if (parts.length > 0) await commit()
  } finally {
    heartbeats.stop()
  }
}

/** Sends heartbeats to the group, and learns when it rebalances, or partitions have moved. */
function startHeartbeats({ group, kafka, topic, fail }: LeaseContext, membership: Membership) {
  const dividing = new AbortController()

  async function beat(): Promise<void> {
    const isSettled = await group.heartbeat(membership).catch((cause) => {
      if (isExpelled(cause)) fail(cause)
      throw cause
    })
    if (!isSettled || kafka.lastTopic().leaders.join() !== topic.leaders.join()) dividing.abort()
  }

  const timer = setInterval(() => void beat().catch(() => {}), HEARTBEAT_MS)
  return { beat, dividing: dividing.signal, stop: () => clearInterval(timer) }
}

/** No handler runs any more: the local counts of the unfinished messages are exact. */
function closePart(part: Progress, localAttempts: Attempts): void {
  const started = part.unsettled.map(
    (offset) => [offset, localAttempts.get(idOf(part.partition, offset)) ?? 0] as const,
  )
  part.attempts = new Map([...part.attempts, ...started.filter(([, count]) => count > 0)])
  part.isOpen = false
}

/** Attempts go with the offsets of a partition to the process that takes it over. */
function attemptStoreOf(parts: readonly Progress[], commit: () => Promise<void>): AttemptStore {
  return {
    async load() {
      const counts = parts.flatMap(({ partition, attempts }) =>
        [...attempts].map(([offset, count]) => [idOf(partition, offset), count] as const),
      )
      return Object.fromEntries(counts)
    },

    async save(starts) {
      for (const part of parts) {
        const held = new Set(part.unsettled)
        const notTaken = [...part.attempts].filter(([offset]) => !held.has(offset))
        const counts = [...held].map((offset) => [offset, starts[idOf(part.partition, offset)] ?? 0] as const)
        part.attempts = new Map([...notTaken, ...counts.filter(([, count]) => count > 0)])
      }
      await commit()
    },
  }
}
