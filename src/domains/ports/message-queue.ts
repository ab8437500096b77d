import { DependencyUnavailable } from '../errors/dependency-errors.ts'

/** A message as it travels. `body` is text on which its publisher and its readers have agreed; the rest is for the queue. */
export type Message = Readonly<{
  /** Unique. A queue may drop a second message with the same id; consumers must detect duplicates anyway. */
  id: string
  /** Messages of one key are delivered in the order in which they were published. */
  key: string
  /** Its topic, such as `post.written`. */
  topic: string
  body: string
}>

/** A message on its way to one consumer. `body` is not validated yet. */
export type Delivery = Readonly<{
  body: Uint8Array
  /**
   * The number of attempts to handle it, this one included, which survives restarts of the service and the queue. Never
   * too low; one too high if the message was waiting when a consumer was lost.
   */
  attempt: number
}>

/** Thrown by a handler that can never handle the message: it becomes a dead letter at once, with this as the reason. */
export class PoisonMessage extends Error {}

/** Thrown when all messages but these are confirmed. Those are with their consumers: publish them again, under the same ids. */
export class PartlyConfirmed extends DependencyUnavailable {
  readonly unconfirmed: ReadonlySet<string>

  constructor(ids: readonly string[]) {
    super('message queue')
    this.unconfirmed = new Set(ids)
  }
}

export type Consumer = Readonly<{
  /** Consumers of one name share the messages, each of which is handled by one of them; each name gets all of them. */
  name: string
  /** After so many failed attempts a message becomes a dead letter. At least 2. */
  attempts: number
  /** A handler that takes longer counts as failed, and the message is retried; the first handler may still be running. */
  timeoutMs: number
}>

/** Stops the deliveries: resolves when the running handlers have ended. Unhandled messages stay in the queue. */
export type Subscription = Readonly<{ stop: () => Promise<void> }>

/** Carries messages to consumers, at least once, in order per key. */
export interface MessageQueue {
  /**
   * Resolves once the queue has stored all of them durably, those of one key in the given order.
   *
   * @throws {DependencyUnavailable} when it did not confirm: it may have stored any of them, so publish again
   */
  publish(messages: readonly Message[]): Promise<void>

  /**
   * Delivers to `handle` from now on, one message per key at a time. A message is acknowledged when `handle` returns. When
   * it throws, the message is retried with a growing back-off; {@link PoisonMessage} makes it a dead letter at once, and
   * after {@link DependencyUnavailable} it is retried without counting attempts. Later messages of a key wait until the
   * earlier ones are acknowledged or dead letters. Deliveries continue by themselves after the connection or the server
   * was down, and begin by themselves if it is down now.
   *
   * The queue keeps messages for a name from its first subscription on.
   */
  consume(consumer: Consumer, handle: (delivery: Delivery) => Promise<void>): Promise<Subscription>

  /**
   * The number of dead letters by consumer name, at least of those that consume in this process.
   *
   * @throws {DependencyUnavailable}
   */
  deadLetters(): Promise<Readonly<Record<string, number>>>

  /** Returns when the queue answers. @throws {DependencyUnavailable} */
  ping(): Promise<void>

  /** Stops all deliveries as their `stop` does, and closes all connections. */
  close(): Promise<void>
}
