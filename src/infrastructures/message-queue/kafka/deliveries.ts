import { Admin } from '@platformatic/kafka'
import { createBell } from '../../../patterns/bell.ts'
import type { Handling } from '../handle-in-order.ts'
import { aborted, within } from '../time.ts'
import { ANSWER_MS, clientOptions, hangUp, type KafkaLink, type Topic, tooLate } from './connect.ts'
import { connectionTo } from './coordinator.ts'
import { fetchFrom, type Source } from './fetch.ts'
import { receivedFrom } from './kafka-message.ts'
import type { Progress } from './progress.ts'

/** How long a broker waits for news, where all partitions are asked for, and where some still have messages here. */
const WAIT_MS = 500
const SHORT_WAIT_MS = 50

const EARLIEST = -2n

export type Deliveries = Readonly<{
  link: KafkaLink
  topic: Topic
  name: string
  parts: readonly Progress[]
  handling: Handling
  /** Resolves once the coordinator knows what is done. */
  commit: () => Promise<void>
  over: AbortSignal
  fail: (cause: unknown) => void
}>

type Part = Source & { readonly progress: Progress; suspectUntil: number }

/** Reads the partitions that this process has, from where they were left, until it is over. */
export async function deliver(deliveries: Deliveries): Promise<void> {
  const { link, topic, parts, over, fail } = deliveries
  const { id, leaders } = topic
  const client = new Admin(clientOptions(link.url, link.names))
  const sources = parts.map((progress): Part => {
    const { partition, offset, suspectUntil } = progress
    return { partition, from: offset, fetched: [], progress, suspectUntil }
  })
  try {
    for (const [node, own] of Map.groupBy(sources, ({ partition }) => leaders[partition] ?? -1)) {
      readFrom(node, id, own, client, deliveries).catch((cause) => over.aborted || fail(cause))
    }
    await aborted(over)
  } finally {
    await hangUp(client)
  }
}

/** What one broker leads. A partition is asked for again once all that was read of it is taken. */
async function readFrom(
  node: number,
  topicId: string,
  sources: readonly Part[],
  client: Admin,
  deliveries: Deliveries,
): Promise<void> {
  const { over, link } = deliveries
  const connection = await connectionTo(client, node)
  const isTaken = createBell()
  over.addEventListener('abort', isTaken.ring, { once: true })

  while (!over.aborted) {
    const wanted = sources.filter(({ fetched }) => fetched.length === 0)
    if (wanted.length === 0) {
      await isTaken.wait()
      continue
    }
    const waitMs = wanted.length === sources.length ? WAIT_MS : SHORT_WAIT_MS
    const { arrived, lost } = await fetchFrom(connection, topicId, wanted, waitMs)
    if (over.aborted) return
    for (const { source, end } of arrived) {
      const part = source as Part
      part.suspectUntil = Math.min(part.suspectUntil, Math.max(end, part.progress.offset))
      takeMore(part, deliveries, isTaken.ring)
    }
    for (const part of lost) await startOver(part as Part, link)
  }
}

/** Hands on what was read, as far as there is room for it. */
function takeMore(part: Part, deliveries: Deliveries, taken: () => void): void {
  const { link, name, handling, over, commit } = deliveries
  const { progress, fetched, partition } = part
  for (let [next] = fetched; next !== undefined && progress.hasRoom(next.offset) && !over.aborted; [next] = fetched) {
    fetched.shift()
    const { offset } = next
    if (!progress.take(offset)) continue
    async function done(): Promise<void> {
      progress.settle(offset)
      takeMore(part, deliveries, taken)
      await commit()
    }
    const isRepeated = offset < part.suspectUntil
    handling.receive(receivedFrom(next, { link, name, partition, isRepeated, done }))
  }
  if (fetched.length === 0) taken()
}

/** What was to come next was kept for too long: begins with the oldest that is there. */
async function startOver(part: Part, { admin, names }: KafkaLink): Promise<void> {
  const asked = { name: names.events, partitions: [{ partitionIndex: part.partition, timestamp: EARLIEST }] }
  const [topic] = await within(ANSWER_MS, admin.listOffsets({ topics: [asked] }), tooLate)
  part.from = Number(topic?.partitions[0]?.offset ?? 0n)
  part.progress.jump(part.from)
}
