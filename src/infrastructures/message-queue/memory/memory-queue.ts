import { DependencyUnavailable } from '../../../domains/errors/dependency-errors.ts'
import type { Consumption, MessageQueue } from '../../../domains/ports/message-queue.ts'
import { checkConsumerName } from '../consumer-name.ts'
import type { QueueOptions } from '../queue-options.ts'
import { type Mailbox, openMailbox } from './mailbox.ts'

const MOST_KEPT = 100_000
const MOST_IDS_REMEMBERED = 10_000

/** A queue within this process: it keeps all the promises but durability. It is full rather than without bounds. */
export function memoryQueue({ consumers, firstPauseMs, onTrouble }: QueueOptions): MessageQueue {
  const mailboxes = new Map<string, Mailbox>()
  const consumptions = new Set<Consumption>()
  const isNew = noticeRepetition()
  let isClosed = false

  function mailboxOf(name: string): Mailbox {
    const mailbox = mailboxes.get(name) ?? openMailbox(firstPauseMs, onTrouble)
    mailboxes.set(name, mailbox)
    return mailbox
  }

  function mustBeOpen(): void {
    if (isClosed) throw new DependencyUnavailable('message queue')
  }

  consumers.forEach(mailboxOf)

  return {
    async publish(messages) {
      mustBeOpen()
      const fullest = Math.max(0, ...mailboxes.values().map((mailbox) => mailbox.size()))
      if (fullest + messages.length > MOST_KEPT) throw new DependencyUnavailable('message queue')
      for (const message of messages.filter(({ id }) => isNew(id))) {
        for (const mailbox of mailboxes.values()) mailbox.put(message)
      }
    },

    async consume(consumer, handle) {
      mustBeOpen()
      checkConsumerName(consumer.name)
      const consumption = mailboxOf(consumer.name).consume(consumer, handle)
      consumptions.add(consumption)
      return consumption
    },

    deadLetters: async () =>
      Object.fromEntries([...mailboxes].map(([name, mailbox]) => [name, mailbox.deadLetters()] as const)),

    ping: async () => mustBeOpen(),

    async close() {
      isClosed = true
      await Promise.all([...consumptions].map(({ stop }) => stop()))
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
