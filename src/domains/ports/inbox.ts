/** A message as one consumer sees it. `version` counts the changes of `subject`; `digest` stands for the whole text. */
export type IncomingMessage = Readonly<{
  consumer: string
  id: string
  subject: string
  version: number
  digest: string
}>

/** Remembers within a unit of work what was handled, so that each message takes effect once for each consumer. */
export interface Inbox {
  /**
   * Notes that this unit handles a message. The unit is refused with {@link DuplicateMessage} when the consumer has handled
   * that message, or a later version of its subject.
   */
  markProcessed(message: IncomingMessage): Promise<void>
}

/** What was handled. */
export interface InboxReader {
  /** The digest of a message that the consumer has handled, or null. */
  processedDigest(consumer: string, id: string): Promise<string | null>
}
