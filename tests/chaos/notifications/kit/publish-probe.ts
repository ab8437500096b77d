import { randomUUID } from 'node:crypto'
import { openMessageQueue } from '../../../../src/infrastructures/message-queue/open-message-queue.ts'
import { until } from '../../../kit/command.ts'
import { succeeded } from '../../../kit/succeeded.ts'
import { type BrokerChoice, NAMESPACE } from './event-brokers.ts'

/** An event as somebody beside the service was given it. */
export type Sighting = Readonly<{
  id: string
  type: string
  subject: string
  version: number
  body: string
  /** When it was seen, on the monotonic clock. */
  at: number
}>

export type PublishProbe = Awaited<ReturnType<typeof createPublishProbe>>

const A_DAY = 86_400_000

/** A consumer of its own name, which writes down all that is published from now on, and can publish copies of it. */
export async function createPublishProbe(choice: BrokerChoice, name: string) {
  const seen: Sighting[] = []
  const queue = await openMessageQueue(choice, {
    namespace: NAMESPACE,
    consumers: [name, 'notifications'],
    retentionMs: A_DAY,
    minBackoffMs: 100,
    onError: () => {},
  })
  await queue.consume({ name, attempts: 100, timeoutMs: 10_000 }, async (delivery) => {
    const body = Buffer.from(delivery.body).toString()
    if (isSound(body)) seen.push({ ...attributesOf(body), body, at: performance.now() })
  })

  return {
    seen,
    queue,
    has: (ids: Iterable<string>): boolean => new Set(seen.map(({ id }) => id)).isSupersetOf(new Set(ids)),

    /** Publishes what was seen once more, in two copies at once that no queue takes for repetitions. */
    async copy(sightings: readonly Sighting[]): Promise<void> {
      const again = () => queue.publish(sightings.map(copyOf))
      await Promise.all([again(), again()])
    },

    /** Consumers with dead letters, as soon as the queue answers: it may just have been killed. */
    async deadLetters(): Promise<readonly string[]> {
      await until('the queue answers', () => succeeded(queue.ping()), 15_000)
      const counts = Object.entries(await queue.deadLetters())
      return counts.flatMap(([consumer, count]) => (count > 0 ? `${consumer}: ${count}` : []))
    },

    [Symbol.asyncDispose]: () => queue.close(),
  }
}

function attributesOf(body: string) {
  const { id, type, subject, data } = JSON.parse(body)
  return { id, type, subject, version: Number(data.version) }
}

/** Somebody may publish nonsense. */
function isSound(body: string): boolean {
  try {
    return attributesOf(body).version > 0
  } catch {
    return false
  }
}

const copyOf = ({ subject, type, body }: Sighting) => ({ id: randomUUID(), key: subject, topic: type, body })
