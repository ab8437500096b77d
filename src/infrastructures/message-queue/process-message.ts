import { DependencyUnavailable } from '../../domains/errors/dependency-errors.ts'
import { type Consumer, type Delivery, PoisonMessage } from '../../domains/ports/message-queue.ts'
import type { AttemptCounter } from './attempt-counter.ts'
import type { ReceivedMessage } from './received-message.ts'
import { backoff, withTimeout } from './time.ts'

export type Handle = (delivery: Delivery) => Promise<void>

/** What to do with a message after an attempt. */
export type Outcome =
  | Readonly<{ kind: 'done' }>
  | Readonly<{ kind: 'retry'; inMs: number }>
  | Readonly<{ kind: 'dead-letter'; reason: string }>

export type ProcessingOptions = Readonly<{
  consumer: Consumer
  handle: Handle
  minBackoffMs: number
  counter: AttemptCounter
}>

const MAX_BACKOFF_MS = 30_000
const MAX_REASON_LENGTH = 500

/** Starts the handler once more, unless it was started too often already by processes that died. */
export async function processOnce(
  message: ReceivedMessage,
  { consumer, handle, minBackoffMs, counter }: ProcessingOptions,
): Promise<Outcome> {
  const before = await counter.of(message)
  if (before >= consumer.attempts) return { kind: 'dead-letter', reason: `started ${before} times, and never ended` }
  const attempt = before + 1
  await counter.add(message, attempt)

  try {
    await withTimeout(consumer.timeoutMs, start(handle, { body: message.body, attempt }), handlerTimeout(consumer))
    return { kind: 'done' }
  } catch (error) {
    if (error instanceof PoisonMessage) return { kind: 'dead-letter', reason: printable(error.message) }
    const retry = { kind: 'retry', inMs: backoff(before, minBackoffMs, MAX_BACKOFF_MS) } as const
    if (error instanceof DependencyUnavailable) {
      await counter.undo(message, before)
      return retry
    }
    if (attempt < consumer.attempts) return retry
    return { kind: 'dead-letter', reason: printable(`failed ${attempt} times, at last: ${error}`) }
  }
}

/** A handler that throws before its first `await` fails like any other. */
const start = async (handle: Handle, delivery: Delivery): Promise<void> => handle(delivery)

const handlerTimeout = (consumer: Consumer) => () => new Error(`the handler took more than ${consumer.timeoutMs} ms`)

/** One line without control characters, as it travels in headers. */
const printable = (text: string): string => text.replace(/[^ -~]+/g, ' ').slice(0, MAX_REASON_LENGTH)
