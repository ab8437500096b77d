import type { InboxReader, IncomingMessage } from '../ports/inbox.ts'

/** Whether a message that was handled before had another payload then. */
export async function hasDifferentPayload(
  inbox: InboxReader,
  { consumer, id, digest }: IncomingMessage,
): Promise<boolean> {
  const handled = await inbox.processedDigest(consumer, id)
  return handled !== null && handled !== digest
}
