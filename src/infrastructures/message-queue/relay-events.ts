import { randomUUID } from 'node:crypto'
import type { MessageQueue } from '../../domains/ports/message-queue.ts'
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

/** A relay that dies is followed after its lease and one more look: well within 15 s. */
const OPTIONS: RelayOptions = {
  batch: 500,
  leaseMs: 8_000,
  pollMs: 1_000,
  lingerMs: 20,
  contendedPollMs: 100,
  minBackoffMs: 100,
  maxBackoffMs: 2_000,
}

/**
 * Publishes what the outbox holds, and counts it. Each time is a message of its own: a queue that drops what it has
 * lately seen would drop what an operator wants to be published again.
 */
export function startEventRelay({
  outbox,
  queue,
  tracing = null,
  ...needs
}: Needs): OutboxRelay & Readonly<{ stats: { published: number } }> {
  const stats = { published: 0 }

  async function publish(events: readonly EventEnvelope[]): Promise<void> {
    const time = randomUUID()
    await queue.publish(events.map((event) => toCloudEvent(event, { messageId: `${event.id}/${time}` })))
    stats.published += events.length
  }

  const relay = startOutboxRelay<EventEnvelope>({
    claims: outbox,
    publish: tracing === null ? publish : withPublishSpans(tracing.tracer, tracing.system, publish),
    options: OPTIONS,
    ...needs,
  })

  return { ...relay, stats }
}
