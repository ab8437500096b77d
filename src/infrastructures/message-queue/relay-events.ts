import { randomUUID } from 'node:crypto'
import { type MessageQueue, PartlyConfirmed } from '../../domains/ports/message-queue.ts'
import type { Sleep } from '../../patterns/cancellable-sleep.ts'
import {
  type OutboxClaims,
  type OutboxRelay,
  type RelayOptions,
  startOutboxRelay,
} from '../../patterns/outbox-relay.ts'
import type { Tracer } from '../../patterns/tracing.ts'
import { type EventEnvelope, toCloudEvent } from './cloud-events.ts'
import { withPublishSpans } from './publish-spans.ts'

type Needs = Readonly<{
  outbox: OutboxClaims<EventEnvelope>
  queue: Pick<MessageQueue, 'publish'>
  /** Without it, nothing is traced; `system` is the queue as the semantic conventions call it. */
  tracing?: Readonly<{ tracer: Tracer; system: string }> | null
  onFailure: (error: unknown) => void
  sleep: Sleep
  random: () => number
}>

/** Another relay takes over after the lease and one more interval: well within 15 s. */
const OPTIONS: RelayOptions = {
  batch: 500,
  leaseMs: 8_000,
  claimIntervalMs: 1_000,
  lingerMs: 20,
  contendedClaimIntervalMs: 100,
  minBackoffMs: 100,
  maxBackoffMs: 2_000,
}

/**
 * Publishes the events of the outbox, and counts them. A replay gets another message id: else a queue that detects duplicates
 * would drop the events that an operator wants to publish again.
 */
export function startEventRelay({
  outbox,
  queue,
  tracing = null,
  ...needs
}: Needs): OutboxRelay & Readonly<{ stats: { published: number } }> {
  const stats = { published: 0 }
  let unconfirmed: ReadonlyMap<string, string> = new Map()

  async function publish(events: readonly EventEnvelope[]): Promise<readonly EventEnvelope[]> {
    const time = randomUUID()
    const messageId = ({ id }: EventEnvelope): string => unconfirmed.get(id) ?? `${id}/${time}`
    const left = await unconfirmedOf(queue, events, messageId)
    unconfirmed = new Map(left.map((event) => [event.id, messageId(event)]))
    stats.published += events.length - left.length
    return left
  }

  const relay = startOutboxRelay<EventEnvelope>({
    claims: outbox,
    publish: tracing === null ? publish : withPublishSpans(tracing.tracer, tracing.system, publish),
    options: OPTIONS,
    ...needs,
  })

  return { ...relay, stats }
}

async function unconfirmedOf(
  queue: Needs['queue'],
  events: readonly EventEnvelope[],
  messageId: (event: EventEnvelope) => string,
): Promise<readonly EventEnvelope[]> {
  try {
    await queue.publish(events.map((event) => toCloudEvent(event, { messageId: messageId(event) })))
    return []
  } catch (error) {
    if (!(error instanceof PartlyConfirmed)) throw error
    return events.filter((event) => error.unconfirmed.has(messageId(event)))
  }
}
