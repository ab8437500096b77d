import { DependencyUnavailable } from '../errors/dependency-errors.ts'

/** A message as it travels. `body` is text on which its publisher and its readers have agreed; the rest is for the queue. */
export type Message = Readonly<{
  /** Unique. A queue that notices that the same id is published again keeps it once; readers must notice it anyway. */
  id: string
  /** Messages of one key are delivered in the order in which they were published. */
  key: string
  /** What it tells of, such as `post.written`. */
  topic: string
  body: string
}>

/** A message on its way to one consumer. `body` is whatever came: nobody has vouched for it yet. */
export type Delivery = Readonly<{
  body: Uint8Array
  /**
   * How often its handling was started, this time included; the queue remembers it over restarts of everyone. Never too
   * low; one too high if the message was waiting when a consumer was lost.
   */
  attempt: number
}>

/** Thrown by a handler that will never succeed with a message: it is set aside at once, with this as the reason. */
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
  /** A message whose handling was started so often without success is set aside as a dead letter. At least 2. */
  attempts: number
  /** A handler that takes longer is counted as failed, and the message delivered again; the first may still be at work. */
  timeoutMs: number
}>

/** Stops the deliveries: resolves when the handlers that run have ended. What was not handled stays with the queue. */
export type Subscription = Readonly<{ stop: () => Promise<void> }>

/** Carries messages to consumers, at least once, in order per key. */
export interface MessageQueue {
  /**
   * Resolves once the queue keeps all of them durably, those of one key in the order given.
   *
   * @throws {PartlyConfirmed} by a queue that keeps nothing durably, for those that not all consumers have handled yet
   * @throws {DependencyUnavailable} when it did not confirm: any of them may be kept, so publish again
   */
  publish(messages: readonly Message[]): Promise<void>

  /**
   * Delivers to `handle` from now on, one message per key at a time. A message is done when `handle` returns; when it
   * throws, it is delivered again after a pause that grows; {@link PoisonMessage} sets it aside at once, and
   * {@link DependencyUnavailable} is not its fault: it is tried for as long as it takes. Later messages of a key wait for
   * earlier ones until those are done or set aside. Deliveries go on by themselves after the
   * connection or the server was away, and begin by themselves if it is away now.
   *
   * Messages are kept for a name from when it is first known to the queue.
   */
  consume(consumer: Consumer, handle: (delivery: Delivery) => Promise<void>): Promise<Subscription>

  /**
   * How many messages were set aside, by consumer name: of all that consume here at least.
   *
   * @throws {DependencyUnavailable}
   */
  deadLetters(): Promise<Readonly<Record<string, number>>>

  /** Returns when the queue answers. @throws {DependencyUnavailable} */
  ping(): Promise<void>

  /** Stops all deliveries as their `stop` does, and ends all connections. */
  close(): Promise<void>
}
