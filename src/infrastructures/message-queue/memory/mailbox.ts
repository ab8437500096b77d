import type { Consumer, Consumption, Message } from '../../../domains/ports/message-queue.ts'
import type { Handle } from '../attempt.ts'
import { type Handling, handleInOrder, MOST_HELD } from '../handle-in-order.ts'
import type { Received } from '../received.ts'
import { countStarts } from '../start-counts.ts'

const NOTHING_WRITTEN = { load: async () => ({}), save: async () => {} }

export type Mailbox = ReturnType<typeof openMailbox>

/** The messages of one consumer name. Of its consumers one works, and the next one takes over when that stops. */
export function openMailbox(firstPauseMs: number, onTrouble: (error: Error) => void) {
  const starts = countStarts(NOTHING_WRITTEN, new Map())
  const consumers: Handling[] = []
  let waiting: Received[] = []
  let held = 0
  let deadLetters = 0

  function settled(lettersMore: 0 | 1): void {
    deadLetters += lettersMore
    held--
    handOut()
  }

  /** In portions, as taking from the front of a long list costs its length. */
  function handOut(): void {
    const [active] = consumers
    if (active === undefined || held > MOST_HELD / 2) return
    const portion = waiting.splice(0, MOST_HELD - held)
    held += portion.length
    for (const message of portion) active.receive(message)
  }

  async function leave(handling: Handling): Promise<void> {
    const left = await handling.stop()
    if (!consumers.includes(handling)) return
    consumers.splice(consumers.indexOf(handling), 1)
    held -= left.length
    waiting = [...left.map(asRepeated), ...waiting]
    handOut()
  }

  return {
    size: () => waiting.length + held,
    deadLetters: () => deadLetters,

    put(message: Message, onSettled: () => void): void {
      waiting.push(receivedFrom(message, settled, onSettled))
      handOut()
    },

    consume(consumer: Consumer, handle: Handle): Consumption {
      const handling = handleInOrder({ consumer, handle, firstPauseMs, starts, onTrouble, mayStart: () => true })
      consumers.push(handling)
      handOut()
      return { stop: () => leave(handling) }
    },
  }
}

const asRepeated = (message: Received): Received => ({ ...message, isRepeated: true })

const receivedFrom = (
  { id, key, body }: Message,
  settled: (lettersMore: 0 | 1) => void,
  onSettled: () => void,
): Received => ({
  id,
  key,
  body: Buffer.from(body),
  isRepeated: false,
  async done() {
    settled(0)
    onSettled()
  },
  async setAside() {
    settled(1)
    onSettled()
  },
})
