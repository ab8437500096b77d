/** A message that a queue has delivered to this process, and will deliver again unless it is settled. */
export type ReceivedMessage = Readonly<{
  /** The same for the same message, however often and to whichever process it is delivered. */
  id: string
  key: string
  body: Uint8Array
  /** Whether it was delivered before, so that another process may have attempted it. */
  isRedelivered: boolean
  /** Acknowledges it: resolves once the queue has confirmed that. */
  ack(): Promise<void>
  /** Settles it by making it a dead letter, with the reason. */
  deadLetter(reason: string): Promise<void>
}>
