import type { SubscriptionQueue } from './subscription-queue.ts'

/** A queue for each consumer name, from its first use on. */
export function createSubscriptionQueues(
  topics: Readonly<Record<string, readonly string[]>>,
  open: () => SubscriptionQueue,
) {
  const queues = new Map<string, SubscriptionQueue>()

  return {
    of(name: string): SubscriptionQueue {
      const queue = queues.get(name) ?? open()
      queues.set(name, queue)
      return queue
    },

    readersOf: (topic: string): readonly SubscriptionQueue[] =>
      [...queues].flatMap(([name, queue]) => (topics[name]?.includes(topic) === false ? [] : [queue])),

    /** How many messages wait in the fullest queue. */
    fullest: (): number => Math.max(0, ...queues.values().map((queue) => queue.size())),

    deadLetters: (): Readonly<Record<string, number>> =>
      Object.fromEntries([...queues].map(([name, queue]) => [name, queue.deadLetters()] as const)),
  }
}
