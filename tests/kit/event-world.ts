import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { consumeEvents } from '../../src/controllers/events/consume-events.ts'
import { notificationConsumer } from '../../src/controllers/events/notification-consumer.ts'
import type { Message, MessageQueue } from '../../src/domains/ports/message-queue.ts'
import { createNotificationService, type NotificationService } from '../../src/domains/services/notification-service.ts'
import { toCloudEvent } from '../../src/infrastructures/message-queue/cloud-events.ts'
import { openMessageQueue } from '../../src/infrastructures/message-queue/open-message-queue.ts'
import { CONSUMER_NAMES } from '../../src/main/modules.ts'
import { sleep } from '../../src/main/sleep.ts'
import { startOutboxRelay } from '../../src/patterns/outbox-relay.ts'
import { PRODUCT } from '../../src/patterns/product.ts'
import { aComment, alice, aPost, notificationId, setUp } from '../fixtures.ts'
import { memoryDriver } from './forum-store.ts'

type Options = Readonly<{
  /** By default one in memory, whose first pause is short. */
  queue?: MessageQueue
  /** How many processes consume. */
  consumers?: number
  /** What becomes of the handling of a comment. */
  around?: (commentWritten: Handle) => Handle
}>

type Handle = NotificationService['commentWritten']
type Given = Parameters<typeof setUp>[0]

const QUICK = { pollMs: 20, lingerMs: 0, contendedPollMs: 5, minBackoffMs: 5, maxBackoffMs: 20 }
const RELAY = { batch: 256, leaseMs: 5_000, ...QUICK }

export type EventWorld = Awaited<ReturnType<typeof openEventWorld>>

export const openMemoryQueue = (minBackoffMs = 5): Promise<MessageQueue> =>
  openMessageQueue(
    { kind: 'memory' },
    { namespace: 'forum-test', consumers: CONSUMER_NAMES, retentionMs: 60_000, minBackoffMs, onError: assert.fail },
  )

/** The way of an event, from the outbox of a memory store through a queue to what it does. Alice's post is there. */
export async function openEventWorld(options: Options = {}, given: Given = { posts: [aPost()] }) {
  const { consumers = 1, around = (handle) => handle } = options
  const queue = options.queue ?? (await openMemoryQueue())
  const forum = setUp(given)
  const { accounts, store, state, clock } = forum
  const troubles: string[] = []

  const deadLetters = async (): Promise<number> => (await queue.deadLetters())['notifications'] ?? 0
  const deadLettersBefore = await deadLetters()

  let lastId = 0
  const newId = () => notificationId(++lastId)
  const service = createNotificationService({ accounts, store, now: () => clock.time, newId })
  const notifications = { ...service, commentWritten: around(service.commentWritten) }
  const onError = (error: unknown) => troubles.push((error as Error).message)

  const subscriptions = await Promise.all(
    Array.from({ length: consumers }, () =>
      consumeEvents({ queue, inbox: store.inbox, consumers: [notificationConsumer(notifications)], onError }),
    ),
  )
  const relay = startOutboxRelay({
    claims: memoryDriver(state).outbox,
    publish: (events) => queue.publish(events.map((event) => toCloudEvent(event))),
    onFailure: onError,
    sleep,
    random: Math.random,
    options: RELAY,
  })

  return {
    ...forum,
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

    /** Alice's notifications, as comments. */
    told: async () =>
      (await store.notificationFeed.listAfter(alice.userId, null, 1_000)).map(({ commentId }) => commentId),

    publish: (...messages: readonly Message[]) => queue.publish(messages),

    async close(): Promise<void> {
      await relay.stop()
      await Promise.all(subscriptions.map(({ stop }) => stop()))
      if (options.queue === undefined) await queue.close()
    },
  }
}

type Attributes = Readonly<Record<string, unknown>>

/** The event of Bob's comment on Alice's post; `undefined` omits an attribute. */
export function anEvent(attributes: Attributes = {}, data: Attributes = {}) {
  const comment = { ...aComment(), ...data }
  return {
    specversion: '1.0',
    id: '01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f',
    source: `/${PRODUCT.service}`,
    type: 'comment.written',
    subject: comment.id,
    time: '2026-03-01T12:00:00.000Z',
    datacontenttype: 'application/json',
    dataschemaversion: '1.0',
    data: comment,
    ...attributes,
  }
}

/** Text on its way, under an id that the queue has not seen. */
export const sent = (body: string, key: string = randomUUID()): Message => ({
  id: randomUUID(),
  key,
  topic: 'comment.written',
  body,
})
