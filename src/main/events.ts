import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { MessageQueue } from '../domains/ports/message-queue.ts'
import { cloudEventOf } from '../infrastructures/message-queue/cloud-events.ts'
import type { OutboxRecord, StoreDriver } from '../infrastructures/store/driver.ts'
import type { Logger } from '../infrastructures/telemetry/logger.ts'
import { type OutboxRelay, type RelayOptions, startOutboxRelay } from '../patterns/outbox-relay.ts'
import { type Recurring, startRecurring } from '../patterns/recurring.ts'
import { sleep } from './sleep.ts'
import { warning } from './warning.ts'

/** A relay that dies is followed after its lease and one more look: well within 15 s. */
const RELAY: RelayOptions = {
  batch: 500,
  leaseMs: 8_000,
  pollMs: 1_000,
  gatherMs: 20,
  heldMs: 100,
  firstPauseMs: 100,
  longestPauseMs: 2_000,
}

const PRUNING_MS = 10 * 60_000

/** What was handled is remembered for as long as it may come again: a queue keeps it so long after it was published again. */
const REMEMBERED_FOR = 3

/**
 * Publishes what the store announces, and counts it. Each time is a message of its own: a queue that drops what it has
 * lately seen would drop what an operator wants to be published again.
 */
export function startRelay(driver: StoreDriver, queue: MessageQueue, logger: Logger) {
  const figures = { published: 0 }

  const relay: OutboxRelay = startOutboxRelay<OutboxRecord>({
    claims: driver.outbox,
    async publish(events) {
      const time = randomUUID()
      await queue.publish(events.map((event) => cloudEventOf(event, { messageId: `${event.id}/${time}` })))
      figures.published += events.length
    },
    onFailure: warning(logger, 'events wait: they cannot be published'),
    sleep,
    random: Math.random,
    options: RELAY,
  })

  return { ...relay, figures }
}

/** The same driver, which tells after each commit that something may be pending. */
export const telling = (driver: StoreDriver, hear: () => void): StoreDriver => ({
  ...driver,
  async commit(changes) {
    await driver.commit(changes)
    hear()
  },
})

/** Removes what is older than anyone needs, now and then. */
export const startPruning = (driver: StoreDriver, publishedMs: number, logger: Logger): Recurring =>
  startRecurring((isStopping) => pruneAll(driver, publishedMs, isStopping), {
    everyMs: PRUNING_MS,
    sleep,
    random: Math.random,
    onFailure: warning(logger, 'what is old could not be removed'),
  })

/** In short steps, so that a stop need not wait for all of them. */
export async function pruneAll(
  driver: Pick<StoreDriver, 'prune'>,
  publishedMs: number,
  isStopping: () => boolean,
): Promise<void> {
  const retention = { publishedMs, handledMs: publishedMs * REMEMBERED_FOR }
  while (!isStopping() && (await driver.prune(retention))) await pause(10)
}
