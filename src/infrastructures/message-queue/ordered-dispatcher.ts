import { createDelayedTasks } from './delayed-tasks.ts'
import { createPerKeyQueues, type QueuedMessage } from './per-key-queue.ts'
import { type Outcome, type ProcessingOptions, processOnce } from './process-message.ts'
import type { ReceivedMessage } from './received-message.ts'

/** How many handlers run at once. */
const CONCURRENCY = 32

/** How many unsettled messages a queue delivers to one process: those that run, and those that wait. */
export const PREFETCH = 256

export type DispatcherOptions = ProcessingOptions &
  Readonly<{ mayStart: () => boolean; onError: (error: Error) => void }>

/** Handles messages, which it receives in the order in which they were published. */
export type Dispatcher = Readonly<{
  receive(message: ReceivedMessage): void
  /** Starts no more handlers; when the running ones have ended, resolves with the messages that are left. */
  stop(): Promise<readonly ReceivedMessage[]>
}>

/**
 * Handles one message per key at a time, in order: the first of a key stays the first until it is settled, and this process
 * makes its next attempt. It handles many keys side by side.
 *
 * It handles a message that may have killed its process alone: so no other message is interrupted by it, or counted for it.
 */
export function createDispatcher({ mayStart, onError, ...processing }: DispatcherOptions): Dispatcher {
  const queues = createPerKeyQueues()
  const delayed = createDelayedTasks()
  const idle = Promise.withResolvers<void>()
  let running = 0
  let isExclusive = false
  let isStopping = false

  function dispatch(): void {
    while (!isStopping && !isExclusive && mayStart()) {
      const next = queues.first()
      if (next === undefined || running >= (next.maybeAttempted ? 1 : CONCURRENCY)) return
      queues.start(next)
      void run(next)
    }
  }

  function ready(queued: QueuedMessage): void {
    queues.ready(queued)
    dispatch()
  }

  async function run(queued: QueuedMessage): Promise<void> {
    running++
    isExclusive = queued.maybeAttempted
    const outcome = await handle(queued.message, processing).catch(onError)
    queued.maybeAttempted = false
    if (outcome?.kind === 'retry') delayed.after(outcome.inMs, () => ready(queued))
    else if (outcome) queues.complete(queued)
    running--
    isExclusive = false
    dispatch()
    if (isStopping && running === 0) idle.resolve()
  }

  return {
    receive(message) {
      queues.add({ message, maybeAttempted: processing.counter.maybeAttempted(message) })
      dispatch()
    },

    async stop() {
      isStopping = true
      delayed.cancelAll()
      if (running > 0) await idle.promise
      return queues.remaining()
    },
  }
}

/** Makes one attempt, and settles the message unless it must be retried. */
async function handle(message: ReceivedMessage, processing: ProcessingOptions): Promise<Outcome> {
  const outcome = await processOnce(message, processing)
  if (outcome.kind === 'retry') return outcome
  if (outcome.kind === 'done') await message.ack()
  else await message.deadLetter(outcome.reason)
  await processing.counter.clear(message)
  return outcome
}
