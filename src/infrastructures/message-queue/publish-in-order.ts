import { DependencyUnavailable } from '../../domains/errors/dependency-errors.ts'
import type { Message } from '../../domains/ports/message-queue.ts'

/** How many messages of one call are in flight at once. */
const CONCURRENCY = 256

/** How many messages of all calls may be unconfirmed; beyond that, publishing fails. */
const MAX_UNCONFIRMED = 4_096

/**
 * Publishes the messages of a key one after the other, so that the queue never stores one after an earlier one was lost; many
 * keys go side by side. After the first failure it sends nothing more.
 */
export function publishInOrder(publishOne: (message: Message) => Promise<void>) {
  let unconfirmed = 0

  async function publishCounted(message: Message): Promise<void> {
    if (unconfirmed >= MAX_UNCONFIRMED) throw new DependencyUnavailable('message queue')
    unconfirmed++
    try {
      await publishOne(message)
    } finally {
      unconfirmed--
    }
  }

  return async (messages: readonly Message[]): Promise<void> => {
    const queues = Map.groupBy(messages, ({ key }) => key).values()
    let isBroken = false

    async function publishQueues(): Promise<void> {
      for (const queue of queues) {
        for (const message of queue) {
          if (isBroken) return
          await publishCounted(message)
        }
      }
    }

    const workers = Array.from({ length: Math.min(messages.length, CONCURRENCY) }, publishQueues)
    await Promise.all(workers).catch((cause) => {
      isBroken = true
      throw cause instanceof DependencyUnavailable ? cause : new DependencyUnavailable('message queue', { cause })
    })
  }
}
