import { randomUUID } from 'node:crypto'
import type { MessageQueue } from '../../domains/ports/message-queue.ts'
import {
  type OutboxClaims,
  type OutboxRelay,
  type RelayOptions,
  startOutboxRelay,
} from '../../patterns/outbox-relay.ts'
import type { Sleep } from '../../patterns/pauses.ts'
import { type Announcement, cloudEventOf } from './cloud-events.ts'

type Needs = Readonly<{
  outbox: OutboxClaims<Announcement>
  queue: Pick<MessageQueue, 'publish'>
  onFailure: (error: unknown) => void
  sleep: Sleep
  random: () => number
}>

/** A relay that dies is followed after its lease and one more look: well within 15 s. */
const OPTIONS: RelayOptions = {
  batch: 500,
  leaseMs: 8_000,
  pollMs: 1_000,
  gatherMs: 20,
  heldMs: 100,
  firstPauseMs: 100,
  longestPauseMs: 2_000,
}

/**
 * Publishes what the outbox holds, and counts it. Each time is a message of its own: a queue that drops what it has
 * lately seen would drop what an operator wants to be published again.
 */
export function startEventRelay({
  outbox,
  queue,
  ...needs
}: Needs): OutboxRelay & Readonly<{ figures: { published: number } }> {
  const figures = { published: 0 }

  const relay = startOutboxRelay<Announcement>({
    claims: outbox,
    async publish(events) {
      const time = randomUUID()
      await queue.publish(events.map((event) => cloudEventOf(event, { messageId: `${event.id}/${time}` })))
      figures.published += events.length
    },
    options: OPTIONS,
    ...needs,
  })

  return { ...relay, figures }
}
