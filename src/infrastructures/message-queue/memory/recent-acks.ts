import type { Message } from '../../../domains/ports/message-queue.ts'

const MAX_SETTLED = 10_000

/** The settlement of a message by all its consumers. */
export type Ack = { readonly id: string; readonly settled: Promise<unknown>; isSettled: boolean }

/** The settlements of pending and recent messages: a message that is published again shares the earlier one. */
export function createRecentAcks(begin: (message: Message) => Promise<unknown>) {
  const pending = new Map<string, Ack>()
  const settled = new Map<string, Ack>()

  function settle(ack: Ack): void {
    ack.isSettled = true
    pending.delete(ack.id)
    settled.set(ack.id, ack)
    const [oldest] = settled.keys()
    if (settled.size > MAX_SETTLED && oldest !== undefined) settled.delete(oldest)
  }

  function add(message: Message): Ack {
    const ack: Ack = { id: message.id, settled: begin(message), isSettled: false }
    pending.set(ack.id, ack)
    ack.settled.then(
      () => settle(ack),
      // No consumer handles it any more: if it is published again, it is new.
      () => pending.delete(ack.id),
    )
    return ack
  }

  const find = ({ id }: Message): Ack | undefined => pending.get(id) ?? settled.get(id)

  return {
    has: (message: Message): boolean => find(message) !== undefined,
    of: (message: Message): Ack => find(message) ?? add(message),
  }
}
