import { ServerSetupError } from '../connection/server-setup-error.ts'

export type QueueOptions = Readonly<{
  /** What the names of everything on the server start with: several services may share one. */
  namespace: string
  /** Messages are kept for these from now on, also before they first consume. */
  consumers: readonly string[]
  /** How long a message is kept for a consumer that does not take it, in milliseconds. */
  retentionMs: number
  /** About how long a message waits after its first failure, in milliseconds; each further wait is twice as long. */
  minBackoffMs: number
  /**
   * Whether a queue that ends with the process confirms what was handled, as it keeps nothing that could be handled later:
   * then nothing is lost for whoever publishes again what was not confirmed. Other queues confirm what they keep.
   */
  ackAfterHandling?: boolean
  /** Told when a consumer was lost, which then is got back by itself. */
  onError: (error: Error) => void
  /** Told why a connection was lost, or could not be opened, at each attempt; by default as `onTrouble`. */
  onDisconnected?: (error: Error) => void
  /** Told when there is a connection again. */
  onReconnected?: () => void
}>

/** A name that every queue can make part of its own names. */
export function checkConsumerName(name: string): void {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) throw new Error(`"${name}" is not a consumer name: use lower-case-words.`)
}

/** The queue is there, but cannot be used the way it, or this service, is set up. */
export class QueueSetupError extends ServerSetupError {}
