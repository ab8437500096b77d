import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import type { Consumption, MessageQueue } from '../../../domains/ports/message-queue.ts'
import { checkConsumerName, type QueueOptions } from '../queue-options.ts'
import { openMailbox } from './mailbox.ts'
import { openMailboxes } from './mailboxes.ts'
import { openWaiters } from './waiters.ts'

const MOST_KEPT = 100_000
const MOST_IDS_REMEMBERED = 10_000

/** A queue within this process: it keeps all the promises but durability. It is full rather than without bounds. */
export function memoryQueue({ consumers, firstPauseMs, confirmsHandled, onTrouble }: QueueOptions): MessageQueue {
  const mailboxes = openMailboxes(() => openMailbox(firstPauseMs, onTrouble))
  const consumptions = new Set<Consumption>()
  const waiters = openWaiters()
  const isNew = noticeRepetition()
  let isClosed = false

  function mustBeOpen(): void {
    if (isClosed) throw new DependencyUnavailable('message queue')
  }

  async function leave(consumption: Consumption): Promise<void> {
    await consumption.stop()
    consumptions.delete(consumption)
    if (consumptions.size === 0) waiters.sendAway()
  }

  consumers.forEach(mailboxes.of)

  return {
    async publish(messages) {
      mustBeOpen()
      if (mailboxes.fullest() + messages.length > MOST_KEPT) throw new DependencyUnavailable('message queue')
      const settled = messages
        .filter(({ id }) => isNew(id))
        .flatMap((message) => mailboxes.all().map((mailbox) => waiters.until((settle) => mailbox.put(message, settle))))
      if (confirmsHandled) await Promise.all(settled)
    },

    async consume(consumer, handle) {
      mustBeOpen()
      checkConsumerName(consumer.name)
      const consumption = mailboxes.of(consumer.name).consume(consumer, handle)
      consumptions.add(consumption)
      waiters.encourage()
      return { stop: () => leave(consumption) }
    },

    deadLetters: async () => mailboxes.deadLetters(),
    ping: async () => mustBeOpen(),

    async close() {
      isClosed = true
      await Promise.all([...consumptions].map(leave))
    },
  }
}

/** Whether an id is not among the last ones. */
function noticeRepetition(): (id: string) => boolean {
  const recent = new Set<string>()
  return (id) => {
    if (recent.has(id)) return false
    recent.add(id)
    const [oldest] = recent
    if (recent.size > MOST_IDS_REMEMBERED && oldest !== undefined) recent.delete(oldest)
    return true
  }
}
