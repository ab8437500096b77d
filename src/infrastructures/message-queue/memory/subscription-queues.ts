import type { SubscriptionQueue } from './subscription-queue.ts'

/** A queue for each consumer name, from its first use on. */
export function createSubscriptionQueues(open: () => SubscriptionQueue) {
  const queues = new Map<string, SubscriptionQueue>()

  return {
    of(name: string): SubscriptionQueue {
      const queue = queues.get(name) ?? open()
      queues.set(name, queue)
      return queue
    },

    all: (): readonly SubscriptionQueue[] => [...queues.values()],

    /** How many messages wait in the fullest queue. */
    fullest: (): number => Math.max(0, ...queues.values().map((queue) => queue.size())),

    deadLetters: (): Readonly<Record<string, number>> =>
      Object.fromEntries([...queues].map(([name, queue]) => [name, queue.deadLetters()] as const)),
  }
}
