/** A message that a queue has handed to this process, and will hand out again unless it is settled. */
export type ReceivedMessage = Readonly<{
  /** The same for the same message, however often and to whomever it is handed out. */
  id: string
  key: string
  body: Uint8Array
  /** Whether it had been handed out before, so that its handling may have been started. */
  isRedelivered: boolean
  /** Settles it: resolves once the queue knows. */
  ack(): Promise<void>
  /** Settles it by putting it, with the reason, where the dead letters are. */
  deadLetter(reason: string): Promise<void>
}>
