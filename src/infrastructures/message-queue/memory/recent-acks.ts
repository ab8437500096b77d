import type { Message } from '../../../domains/ports/message-queue.ts'

const MAX_RECENT = 10_000

/** Whether all consumers are done with a message, and when they are. */
export type Ack = { readonly id: string; readonly settled: Promise<unknown>; isSettled: boolean }

/** What becomes of the messages that were published last: one that is published again joins what it began the first time. */
export function createRecentAcks(begin: (message: Message) => Promise<unknown>) {
  const recent = new Map<string, Ack>()

  function add(message: Message): Ack {
    const { id } = message
    const settled = begin(message)
    const ack: Ack = { id, settled, isSettled: false }
    recent.set(id, ack)
    settled.then(
      () => {
        ack.isSettled = true
      },
      // Nobody handles it any more: published again, it is new.
      () => recent.delete(id),
    )
    const [[oldest, { isSettled }] = [id, ack]] = recent
    if (recent.size > MAX_RECENT && isSettled) recent.delete(oldest)
    return ack
  }

  return {
    has: ({ id }: Message): boolean => recent.has(id),
    of: (message: Message): Ack => recent.get(message.id) ?? add(message),
  }
}
