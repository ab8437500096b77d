import type { Consumer, Message, Subscription } from '../../../domains/ports/message-queue.ts'
import { createAttemptCounter } from '../attempt-counter.ts'
import { createDispatcher, type Dispatcher, PREFETCH } from '../ordered-dispatcher.ts'
import type { Handle } from '../process-message.ts'
import type { ReceivedMessage } from '../received-message.ts'

const VOLATILE_STORE = { load: async () => ({}), save: async () => {} }

export type SubscriptionQueue = ReturnType<typeof createSubscriptionQueue>

/** The messages of one consumer name. One of its consumers is active, and the next one takes over when that stops. */
export function createSubscriptionQueue(minBackoffMs: number, onError: (error: Error) => void) {
  const counter = createAttemptCounter(VOLATILE_STORE, new Map())
  const consumers: Dispatcher[] = []
  let waiting: ReceivedMessage[] = []
  let unsettled = 0
  let deadLetters = 0

  function settled(deadLettered: 0 | 1): void {
    deadLetters += deadLettered
    unsettled--
    dispatch()
  }

  /** In batches, because taking from the front of a long list costs its length. */
  function dispatch(): void {
    const [active] = consumers
    if (active === undefined || unsettled > PREFETCH / 2) return
    const batch = waiting.splice(0, PREFETCH - unsettled)
    unsettled += batch.length
    for (const message of batch) active.receive(message)
  }

  async function unsubscribe(dispatcher: Dispatcher): Promise<void> {
    const left = await dispatcher.stop()
    if (!consumers.includes(dispatcher)) return
    consumers.splice(consumers.indexOf(dispatcher), 1)
    unsettled -= left.length
    waiting = [...left.map(asRedelivered), ...waiting]
    dispatch()
  }

  return {
    size: () => waiting.length + unsettled,
    deadLetters: () => deadLetters,

    put(message: Message, onSettled: () => void): void {
      waiting.push(receivedFrom(message, settled, onSettled))
      dispatch()
    },

    consume(consumer: Consumer, handle: Handle): Subscription {
      const dispatcher = createDispatcher({ consumer, handle, minBackoffMs, counter, onError, mayStart: () => true })
      consumers.push(dispatcher)
      dispatch()
      return { stop: () => unsubscribe(dispatcher) }
    },
  }
}

const asRedelivered = (message: ReceivedMessage): ReceivedMessage => ({ ...message, isRedelivered: true })

const receivedFrom = (
  { id, key, body }: Message,
  settled: (deadLettered: 0 | 1) => void,
  onSettled: () => void,
): ReceivedMessage => ({
  id,
  key,
  body: Buffer.from(body),
  isRedelivered: false,
  async ack() {
    settled(0)
    onSettled()
  },
  async deadLetter() {
    settled(1)
    onSettled()
  },
})
