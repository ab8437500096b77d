/** A message as one consumer sees it. `version` counts the changes of `subject`; `digest` is that of the whole text. */
export type IncomingMessage = Readonly<{
  consumer: string
  id: string
  subject: string
  version: number
  digest: string
}>

/** Records handled messages within their unit of work, so that each takes effect once for each consumer. */
export interface Inbox {
  /**
   * Records that this unit handles a message. The store refuses the unit with {@link DuplicateMessage} if the consumer has
   * handled that message, or a later version of its subject.
   */
  markProcessed(message: IncomingMessage): Promise<void>
}

/** Reads the handled messages. */
export interface InboxReader {
  /** The digest of a message that the consumer has handled, or null. */
  processedDigest(consumer: string, id: string): Promise<string | null>
}
