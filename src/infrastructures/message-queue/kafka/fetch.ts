import { type Connection, fetchV15, type KafkaRecord, type RecordsBatch } from '@platformatic/kafka'
import { answerIn, isAnswer } from './errors.ts'
import { HEADERS } from './names.ts'

/** `topic` is that of the message, if it names one. */
export type Fetched = Readonly<{ offset: number; key: Buffer | null; value: Buffer | null; topic: string | null }>

/** A partition that is read: the next offset, and the fetched messages that are not taken yet. */
export type Source = { readonly partition: number; from: number; readonly fetched: Fetched[] }

/** Messages fetched from a partition, and its current end offset. */
export type Arrived = Readonly<{ source: Source; end: number }>

const MAX_BYTES = 4 * 2 ** 20
const MAX_PARTITION_BYTES = 256 * 1024

const OUT_OF_RANGE = { id: 'OFFSET_OUT_OF_RANGE', code: 1 }
const CONTROL = 0x20

/**
 * Fetches from some partitions of one broker. If they have no messages, the broker waits for new ones up to the given time.
 *
 * @returns the partitions with new messages, and those where the offset is out of range
 */
export async function fetchFrom(
  connection: Connection,
  topicId: string,
  sources: readonly Source[],
  waitMs: number,
): Promise<Readonly<{ arrived: readonly Arrived[]; lost: readonly Source[] }>> {
  const partitions = sources.map(({ partition, from }) => ({
    partition,
    currentLeaderEpoch: -1,
    fetchOffset: BigInt(from),
    lastFetchedEpoch: -1,
    partitionMaxBytes: MAX_PARTITION_BYTES,
  }))
  const response = await fetchV15.api
    .async(connection, waitMs, 1, MAX_BYTES, 0, 0, -1, [{ topicId, partitions }], [], '')
    .catch((error) => {
      const answer = isAnswer(error, OUT_OF_RANGE.id) ? answerIn<fetchV15.FetchResponse>(error) : undefined
      if (answer === undefined) throw error
      return answer
    })

  const arrived: Arrived[] = []
  const lost: Source[] = []
  for (const { partitionIndex, errorCode, highWatermark, records } of response.responses.flatMap(
    (each) => each.partitions,
  )) {
    const source = sources.find(({ partition }) => partition === partitionIndex)
    if (source === undefined) continue
    if (errorCode === OUT_OF_RANGE.code) lost.push(source)
    else if (errorCode === 0) {
      for (const batch of records ?? []) read(source, batch)
      arrived.push({ source, end: Number(highWatermark) })
    }
  }
  return { arrived, lost }
}

const TOPIC = Buffer.from(HEADERS.topic)

const topicIn = (headers: KafkaRecord['headers']): string | null =>
  headers.find(([name]) => name?.equals(TOPIC))?.[1]?.toString() ?? null

/** Brokers send whole batches, which may begin before the requested offset. */
function read(source: Source, { firstOffset, lastOffsetDelta, attributes, records }: RecordsBatch): void {
  const first = Number(firstOffset)
  const isControl = (attributes & CONTROL) !== 0
  for (const { offsetDelta, key, value, headers } of isControl ? ([] as KafkaRecord[]) : records) {
    const offset = first + offsetDelta
    if (offset >= source.from) source.fetched.push({ offset, key, value, topic: topicIn(headers) })
  }
  source.from = Math.max(source.from, first + lastOffsetDelta + 1)
}
