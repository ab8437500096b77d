import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import type { MessageQueue, Subscription } from '../../../domains/ports/message-queue.ts'
import { checkConsumerName, type QueueOptions } from '../queue-options.ts'
import { createPendingAcks } from './pending-acks.ts'
import { createSubscriptionQueue } from './subscription-queue.ts'
import { createSubscriptionQueues } from './subscription-queues.ts'

const MAX_MESSAGES = 100_000
const MAX_RECENT_IDS = 10_000

/** A queue within this process: it keeps all promises but durability. Its size is bounded. */
export function memoryQueue({ consumers, minBackoffMs, ackAfterHandling, onError }: QueueOptions): MessageQueue {
  const queues = createSubscriptionQueues(() => createSubscriptionQueue(minBackoffMs, onError))
  const subscriptions = new Set<Subscription>()
  const acks = createPendingAcks()
  const isNew = createDeduplicator()
  let isClosed = false

  function assertOpen(): void {
    if (isClosed) throw new DependencyUnavailable('message queue')
  }

  async function unsubscribe(subscription: Subscription): Promise<void> {
    await subscription.stop()
    subscriptions.delete(subscription)
    if (subscriptions.size === 0) acks.rejectAll()
  }

  consumers.forEach(queues.of)

  return {
    async publish(messages) {
      assertOpen()
      if (queues.fullest() + messages.length > MAX_MESSAGES) throw new DependencyUnavailable('message queue')
      const settled = messages
        .filter(({ id }) => isNew(id))
        .flatMap((message) => queues.all().map((queue) => acks.track((settle) => queue.put(message, settle))))
      if (ackAfterHandling) await Promise.all(settled)
    },

    async consume(consumer, handle) {
      assertOpen()
      checkConsumerName(consumer.name)
      const subscription = queues.of(consumer.name).consume(consumer, handle)
      subscriptions.add(subscription)
      acks.open()
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

/** Whether an id is not among the last ones. */
function createDeduplicator(): (id: string) => boolean {
  const recent = new Set<string>()
  return (id) => {
    if (recent.has(id)) return false
    recent.add(id)
    const [oldest] = recent
    if (recent.size > MAX_RECENT_IDS && oldest !== undefined) recent.delete(oldest)
    return true
  }
}
