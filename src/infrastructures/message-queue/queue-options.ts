import { ServerSetupError } from '../connection/server-setup-error.ts'

export type QueueOptions = Readonly<{
  /** The prefix of all names on the server: several services may share one. */
  namespace: string
  /** The queue keeps messages for these consumers from now on, also before they first consume. */
  consumers: readonly string[]
  /** The topics that a consumer reads, by its name: others may be kept from it. One that is missing here reads all. */
  topics?: Readonly<Record<string, readonly string[]>>
  /** How long the queue keeps a message for a consumer that is down, in milliseconds. */
  retentionMs: number
  /** About how long a message waits after its first failure, in milliseconds; each further wait is twice as long. */
  minBackoffMs: number
  /**
   * For the in-memory queue: confirm a publish only after all consumers have handled the message, so that a crash loses
   * nothing: the relay publishes unconfirmed events again. Other queues confirm what they have stored.
   */
  ackAfterHandling?: boolean
  /** Called when a consumer has failed; it starts again by itself. */
  onError: (error: Error) => void
  /** Called with the reason when a connection was lost, and for each failed attempt to open one; by default `onError`. */
  onDisconnected?: (error: Error) => void
  /** Called when there is a connection again. */
  onReconnected?: () => void
}>

/** A name that all queues can use in their own names. */
export function checkConsumerName(name: string): void {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) throw new Error(`"${name}" is not a consumer name: use lower-case-words.`)
}

/** The queue answers, but cannot be used as it, or this service, is configured. */
export class QueueSetupError extends ServerSetupError {}
