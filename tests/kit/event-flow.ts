import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { consumeEvents } from '../../src/controllers/events/consume-events.ts'
import type { EventConsumer } from '../../src/controllers/events/event-consumer.ts'
import type { InboxReader } from '../../src/domains/ports/inbox.ts'
import type { Message, MessageQueue } from '../../src/domains/ports/message-queue.ts'
import { toCloudEvent } from '../../src/infrastructures/message-queue/cloud-events.ts'
import { openMessageQueue } from '../../src/infrastructures/message-queue/open-message-queue.ts'
import type { StoreDriver } from '../../src/infrastructures/store/driver.ts'
import { sleep } from '../../src/main/sleep.ts'
import { startOutboxRelay } from '../../src/patterns/outbox-relay.ts'

type Needs = Readonly<{
  driver: Pick<StoreDriver, 'outbox'>
  inbox: InboxReader
  consumer: EventConsumer
  /** By default one in memory, whose first pause is short. */
  queue?: MessageQueue | undefined
  /** How many processes consume. */
  consumers?: number | undefined
}>

const QUICK = { claimIntervalMs: 20, lingerMs: 0, contendedClaimIntervalMs: 5, minBackoffMs: 5, maxBackoffMs: 20 }
const RELAY = { batch: 256, leaseMs: 5_000, ...QUICK }

export const openMemoryQueue = (consumers: readonly string[], minBackoffMs = 5): Promise<MessageQueue> =>
  openMessageQueue(
    { kind: 'memory' },
    { namespace: 'forum-test', consumers, retentionMs: 60_000, minBackoffMs, onError: assert.fail },
  )

/** The way of an event, from the outbox of a store through a queue to what it does. */
export async function openEventFlow({ driver, inbox, consumer, queue: given, consumers = 1 }: Needs) {
  const queue = given ?? (await openMemoryQueue([consumer.name]))
  const troubles: string[] = []
  const onError = (error: unknown) => troubles.push((error as Error).message)

  const deadLetters = async (): Promise<number> => (await queue.deadLetters())[consumer.name] ?? 0
  const deadLettersBefore = await deadLetters()

  const subscriptions = await Promise.all(
    Array.from({ length: consumers }, () => consumeEvents({ queue, inbox, consumers: [consumer], onError })),
  )
  const relay = startOutboxRelay({
    claims: driver.outbox,
    publish: (events) => queue.publish(events.map((event) => toCloudEvent(event))).then(() => []),
    onFailure: onError,
    sleep,
    random: Math.random,
    options: RELAY,
  })

  return {
    queue,
    troubles,

    /** What all consumers together have done. */
    stats: () =>
      subscriptions
        .map(({ stats }) => stats)
        .reduce((one, other) => ({
          handled: one.handled + other.handled,
          duplicate: one.duplicate + other.duplicate,
          ignored: one.ignored + other.ignored,
          mismatched: one.mismatched + other.mismatched,
          redelivered: one.redelivered + other.redelivered,
        })),

    deadLetterCount: async () => (await deadLetters()) - deadLettersBefore,

    publish: (...messages: readonly Message[]) => queue.publish(messages),

    async close(): Promise<void> {
      await relay.stop()
      await Promise.all(subscriptions.map(({ stop }) => stop()))
      if (given === undefined) await queue.close()
    },
  }
}

/** Text on its way, under an id that the queue has not seen. */
export const sent = (body: string, key: string = randomUUID()): Message => ({
  id: randomUUID(),
  key,
  topic: 'review.written',
  body,
})
