import { Admin } from '@platformatic/kafka'
import { createAutoResetEvent } from '../../../patterns/auto-reset-event.ts'
import type { Dispatcher } from '../ordered-dispatcher.ts'
import { aborted, withTimeout } from '../time.ts'
import {
  clientOptions,
  closeQuietly,
  type KafkaClient,
  REQUEST_TIMEOUT_MS,
  type Topic,
  timeoutError,
} from './connect.ts'
import { connectionTo } from './coordinator.ts'
import { fetchFrom, type Source } from './fetch.ts'
import { receivedFrom } from './kafka-message.ts'
import type { Progress } from './progress.ts'

/** `MaxWaitMs` of a fetch for all partitions of a broker, and of one for some while others have fetched messages here. */
const WAIT_MS = 500
const SHORT_WAIT_MS = 50

const EARLIEST = -2n

export type Deliveries = Readonly<{
  kafka: KafkaClient
  topic: Topic
  name: string
  /** Whether the consumer reads messages of a topic. */
  reads: (topic: string | null) => boolean
  parts: readonly Progress[]
  dispatcher: Dispatcher
  /** Resolves once the coordinator has stored the progress. */
  commit: () => Promise<void>
  over: AbortSignal
  fail: (cause: unknown) => void
}>

type Part = Source & { readonly progress: Progress; maybeAttemptedUntil: number }

/** Reads the assigned partitions from their committed offsets until `over` aborts. */
export async function deliver(deliveries: Deliveries): Promise<void> {
  const { kafka, topic, parts, over, fail } = deliveries
  const { id, leaders } = topic
  const client = new Admin(clientOptions(kafka.url, kafka.names))
  const sources = parts.map((progress): Part => {
    const { partition, offset, maybeAttemptedUntil } = progress
    return { partition, from: offset, fetched: [], progress, maybeAttemptedUntil }
  })
  try {
    for (const [node, own] of Map.groupBy(sources, ({ partition }) => leaders[partition] ?? -1)) {
      readFrom(node, id, own, client, deliveries).catch((cause) => over.aborted || fail(cause))
    }
    await aborted(over)
  } finally {
    await closeQuietly(client)
  }
}

/** Reads the partitions that one broker leads. It fetches from a partition again once all its fetched messages are taken. */
async function readFrom(
  node: number,
  topicId: string,
  sources: readonly Part[],
  client: Admin,
  deliveries: Deliveries,
): Promise<void> {
  const { over, kafka } = deliveries
  const connection = await connectionTo(client, node)
  const isTaken = createAutoResetEvent()
  over.addEventListener('abort', isTaken.set, { once: true })

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
      part.maybeAttemptedUntil = Math.min(part.maybeAttemptedUntil, Math.max(end, part.progress.offset))
      takeMore(part, deliveries, isTaken.set)
    }
    for (const part of lost) await startOver(part as Part, kafka)
  }
}

/** Passes fetched messages to the dispatcher, as far as the window allows. */
function takeMore(part: Part, deliveries: Deliveries, taken: () => void): void {
  const { kafka, name, dispatcher, over, commit } = deliveries
  const { progress, fetched, partition } = part
  let isSkipped = false
  for (
    let [next] = fetched;
    next !== undefined && progress.hasCapacity(next.offset) && !over.aborted;
    [next] = fetched
  ) {
    fetched.shift()
    const { offset } = next
    if (!progress.take(offset)) continue
    if (!deliveries.reads(next.topic)) {
      progress.settle(offset)
      isSkipped = true
      continue
    }
    async function ack(): Promise<void> {
      progress.settle(offset)
      takeMore(part, deliveries, taken)
      await commit()
    }
    const isRedelivered = offset < part.maybeAttemptedUntil
    dispatcher.receive(receivedFrom(next, { kafka, name, partition, isRedelivered, ack }))
  }
  if (fetched.length === 0) taken()
  if (isSkipped) commit().catch(deliveries.fail)
}

/** The next messages exceeded the retention of the topic: continues at the earliest offset. */
async function startOver(part: Part, { admin, names }: KafkaClient): Promise<void> {
  const asked = { name: names.events, partitions: [{ partitionIndex: part.partition, timestamp: EARLIEST }] }
  const [topic] = await withTimeout(REQUEST_TIMEOUT_MS, admin.listOffsets({ topics: [asked] }), timeoutError)
  part.from = Number(topic?.partitions[0]?.offset ?? 0n)
  part.progress.jump(part.from)
}
