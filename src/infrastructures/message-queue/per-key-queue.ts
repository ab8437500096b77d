import type { ReceivedMessage } from './received-message.ts'

/** A message that another process may have attempted may have killed that process. */
export type QueuedMessage = { readonly message: ReceivedMessage; maybeAttempted: boolean }

/** Messages in the order of their arrival, by key: only the first of a key can be started, until it is complete. */
export function createPerKeyQueues() {
  const queues = new Map<string, QueuedMessage[]>()
  const possiblePoison = new Set<QueuedMessage>()
  const others = new Set<QueuedMessage>()

  function ready(queued: QueuedMessage): void {
    if (queued.maybeAttempted) possiblePoison.add(queued)
    else others.add(queued)
  }

  return {
    add(queued: QueuedMessage): void {
      const queue = queues.get(queued.message.key)
      if (queue !== undefined) return void queue.push(queued)
      queues.set(queued.message.key, [queued])
      ready(queued)
    },

    /** Makes the first of its key ready to be started (again). */
    ready,

    /** The next message; possible poison comes first, and alone. */
    first(): QueuedMessage | undefined {
      const [possible] = possiblePoison
      const [other] = others
      return possible ?? other
    },

    start(queued: QueuedMessage): void {
      possiblePoison.delete(queued)
      others.delete(queued)
    },

    /** The first of a key is settled: the next one follows. */
    complete({ message: { key } }: QueuedMessage): void {
      const queue = queues.get(key) ?? []
      queue.shift()
      const [next] = queue
      if (next === undefined) queues.delete(key)
      else ready(next)
    },

    remaining: (): readonly ReceivedMessage[] => [...queues.values()].flat().map(({ message }) => message),
  }
}
