import { randomUUID } from 'node:crypto'
import type { MessageQueue } from '../../domains/ports/message-queue.ts'
import type { Sleep } from '../../patterns/cancellable-sleep.ts'
import {
  type OutboxClaims,
  type OutboxRelay,
  type RelayOptions,
  startOutboxRelay,
} from '../../patterns/outbox-relay.ts'
import { type EventEnvelope, toCloudEvent } from './cloud-events.ts'

type Needs = Readonly<{
  outbox: OutboxClaims<EventEnvelope>
  queue: Pick<MessageQueue, 'publish'>
  onFailure: (error: unknown) => void
  sleep: Sleep
  random: () => number
}>

/** Another relay takes over after the lease and one more poll: well within 15 s. */
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
 * Publishes the events of the outbox, and counts them. A replay gets another message id: else a queue that detects duplicates
 * would drop the events that an operator wants to publish again.
 */
export function startEventRelay({
  outbox,
  queue,
  ...needs
}: Needs): OutboxRelay & Readonly<{ stats: { published: number } }> {
  const stats = { published: 0 }

  const relay = startOutboxRelay<EventEnvelope>({
    claims: outbox,
    async publish(events) {
      const time = randomUUID()
      await queue.publish(events.map((event) => toCloudEvent(event, { messageId: `${event.id}/${time}` })))
      stats.published += events.length
    },
    options: OPTIONS,
    ...needs,
  })

  return { ...relay, stats }
}
