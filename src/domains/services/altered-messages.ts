import type { InboxReader, IncomingMessage } from '../ports/inbox.ts'

/** Whether a message that was handled before said something else then. */
export async function isAltered(inbox: InboxReader, { consumer, id, digest }: IncomingMessage): Promise<boolean> {
  const handled = await inbox.digestOf(consumer, id)
  return handled !== null && handled !== digest
}
