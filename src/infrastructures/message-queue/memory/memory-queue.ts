import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import { type MessageQueue, PartlyConfirmed, type Subscription } from '../../../domains/ports/message-queue.ts'
import { checkConsumerName, type QueueOptions } from '../queue-options.ts'
import { createPendingAcks } from './pending-acks.ts'
import { type Ack, createRecentAcks } from './recent-acks.ts'
import { createSubscriptionQueue } from './subscription-queue.ts'
import { createSubscriptionQueues } from './subscription-queues.ts'

const MAX_MESSAGES = 100_000

/** The longest that one consumer delays the confirmation of a publish: far below the lease of a relay. */
const ACK_TIMEOUT_MS = 500

/** A queue within this process: it keeps all promises but durability. Its size is bounded. */
export function memoryQueue({
  consumers,
  topics = {},
  minBackoffMs,
  ackAfterHandling,
  onError,
}: QueueOptions): MessageQueue {
  const queues = createSubscriptionQueues(topics, () => createSubscriptionQueue(minBackoffMs, onError))
  const subscriptions = new Set<Subscription>()
  const pending = createPendingAcks()
  const acks = createRecentAcks((message) =>
    Promise.all(queues.readersOf(message.topic).map((queue) => pending.track((settle) => queue.put(message, settle)))),
  )
  let isClosed = false

  function assertOpen(): void {
    if (isClosed) throw new DependencyUnavailable('message queue')
  }

  async function unsubscribe(subscription: Subscription): Promise<void> {
    await subscription.stop()
    subscriptions.delete(subscription)
    if (subscriptions.size === 0) pending.rejectAll()
  }

  consumers.forEach(queues.of)

  return {
    async publish(messages) {
      assertOpen()
      const added = messages.filter((message) => !acks.has(message))
      if (queues.fullest() + added.length > MAX_MESSAGES) throw new DependencyUnavailable('message queue')
      const published = messages.map(acks.of)
      if (ackAfterHandling) await confirm(published, new Set(added.map(({ id }) => id)))
    },

    async consume(consumer, handle) {
      assertOpen()
      checkConsumerName(consumer.name)
      const subscription = queues.of(consumer.name).consume(consumer, handle)
      subscriptions.add(subscription)
      pending.open()
      return { stop: () => unsubscribe(subscription) }
    },

    deadLetters: async () => queues.deadLetters(),
    ping: async () => assertOpen(),

    async close() {
      isClosed = true
      await Promise.all([...subscriptions].map(unsubscribe))
    },
  }
}

/** Waits a moment for the new messages; not for those that an earlier publish still waits for. @throws {PartlyConfirmed} */
async function confirm(acks: readonly Ack[], added: ReadonlySet<string>): Promise<void> {
  const handled = Promise.all(acks.filter(({ id }) => added.has(id)).map(({ settled }) => settled))
  const { promise: late, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ACK_TIMEOUT_MS)
  try {
    await Promise.race([handled, late])
  } finally {
    clearTimeout(timer)
  }
  const unconfirmed = acks.filter(({ isSettled }) => !isSettled).map(({ id }) => id)
  if (unconfirmed.length > 0) throw new PartlyConfirmed(unconfirmed)
}
