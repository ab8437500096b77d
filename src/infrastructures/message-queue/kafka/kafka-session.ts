import type { Trial } from '../attempt.ts'
import { handleUnderLease } from '../handle-under-lease.ts'
import type { Session } from '../keep-consuming.ts'
import { LEASE_MS } from '../lease.ts'
import type { Ledger, Starts } from '../start-counts.ts'
import { aborted } from '../time.ts'
import type { KafkaLink, Topic } from './connect.ts'
import { deliver } from './deliveries.ts'
import { type Group, type Identity, isExpelled, type Membership, openGroup } from './group.ts'
import { groupCommit } from './group-commit.ts'
import { idOf } from './kafka-message.ts'
import { Progress } from './progress.ts'

/** So soon a process notices that the group is to be divided anew; meanwhile, what another has left waits. */
const HEARTBEAT_MS = 500

type Tenant = Readonly<{
  trial: Omit<Trial, 'starts'>
  own: Starts
  link: KafkaLink
  topic: Topic
  group: Group
  over: AbortSignal
  fail: (cause: unknown) => void
}>

/** Handles the partitions that the group of a name leaves to this process, from one division of the group to the next. */
export function kafkaSession(trial: Omit<Trial, 'starts'>, own: Starts): Session<KafkaLink> {
  const identity: Identity = { memberId: '' }
  const { name, timeoutMs } = trial.consumer

  return async (link, stopping) => {
    const ending = new AbortController()
    const fail = (cause: unknown) => ending.abort(cause)
    void link.lost.then(fail)
    const over = AbortSignal.any([stopping, ending.signal])
    const group = await openGroup(link, { name, rebalanceMs: timeoutMs + LEASE_MS, identity })
    try {
      while (!over.aborted) {
        const topic = await link.topic() // as it was before: what is added while the group is divided is noticed later
        const membership = await Promise.race([group.join(topic.leaders.length), aborted(over)])
        if (membership) await handleShare({ trial, own, link, topic, group, over, fail }, membership)
      }
    } finally {
      if (stopping.aborted) await group.leave().catch(() => {})
      await group.close()
    }
    if (!stopping.aborted) throw ending.signal.reason
  }
}

/** One time between two divisions of the group. All handlers have ended, and what they did is committed, when it is over. */
async function handleShare(tenant: Tenant, membership: Membership): Promise<void> {
  const { trial, own, link, topic, group, over, fail } = tenant
  const committed = await group.committed(membership.partitions)
  const parts = membership.partitions.map(
    (partition) => new Progress(partition, committed.get(partition) ?? { offset: 0, metadata: null }),
  )
  const commit = groupCommit<void>(() =>
    group.commit(membership, new Map(parts.map((part) => [part.partition, part.committed()]))),
  )
  const heartbeats = startHeartbeats(tenant, membership)
  try {
    for (const part of parts) part.isOpen = true
    if (parts.length > 0) await commit()
    const lease = { trial, renew: heartbeats.beat, ledger: ledgerOf(parts, commit), own, fail }
    const until = AbortSignal.any([over, heartbeats.dividing])
    await handleUnderLease(lease, (handling) =>
      deliver({ link, topic, name: trial.consumer.name, parts, handling, commit, over: until, fail }),
    )
    for (const part of parts) closePart(part, own)
    if (parts.length > 0) await commit()
  } finally {
    heartbeats.stop()
  }
}

/** Tells the group that this process is there, and hears when its partitions are to be divided anew, or have moved. */
function startHeartbeats({ group, link, topic, fail }: Tenant, membership: Membership) {
  const dividing = new AbortController()

  async function beat(): Promise<void> {
    const isSettled = await group.heartbeat(membership).catch((cause) => {
      if (isExpelled(cause)) fail(cause)
      throw cause
    })
    if (!isSettled || link.lastTopic().leaders.join() !== topic.leaders.join()) dividing.abort()
  }

  const timer = setInterval(() => void beat().catch(() => {}), HEARTBEAT_MS)
  return { beat, dividing: dividing.signal, stop: () => clearInterval(timer) }
}

/** No handler runs any more: what is left was started as often as is known here. */
function closePart(part: Progress, own: Starts): void {
  const started = part.held.map((offset) => [offset, own.get(idOf(part.partition, offset)) ?? 0] as const)
  part.starts = new Map([...part.starts, ...started.filter(([, count]) => count > 0)])
  part.isOpen = false
}

/** Counts go with the offsets of a partition to whoever takes it over. */
function ledgerOf(parts: readonly Progress[], commit: () => Promise<void>): Ledger {
  return {
    async load() {
      const counts = parts.flatMap(({ partition, starts }) =>
        [...starts].map(([offset, count]) => [idOf(partition, offset), count] as const),
      )
      return Object.fromEntries(counts)
    },

    async save(starts) {
      for (const part of parts) {
        const held = new Set(part.held)
        const notTaken = [...part.starts].filter(([offset]) => !held.has(offset))
        const counts = [...held].map((offset) => [offset, starts[idOf(part.partition, offset)] ?? 0] as const)
        part.starts = new Map([...notTaken, ...counts.filter(([, count]) => count > 0)])
      }
      await commit()
    },
  }
}
