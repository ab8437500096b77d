import { DependencyUnavailable } from '../../domains/errors/dependency-errors.ts'
import { type Consumer, type Delivery, Undeliverable } from '../../domains/ports/message-queue.ts'
import type { Received } from './received.ts'
import type { StartCounts } from './start-counts.ts'
import { growing, within } from './time.ts'

export type Handle = (delivery: Delivery) => Promise<void>

/** What is to become of a message after its handling was tried. */
export type Outcome =
  | Readonly<{ kind: 'done' }>
  | Readonly<{ kind: 'again'; inMs: number }>
  | Readonly<{ kind: 'aside'; reason: string }>

export type Trial = Readonly<{ consumer: Consumer; handle: Handle; firstPauseMs: number; starts: StartCounts }>

const LONGEST_PAUSE_MS = 30_000
const LONGEST_REASON = 500

/** Starts the handler once more, unless it was started too often already and did not live to tell how it ended. */
export async function tryOnce(message: Received, { consumer, handle, firstPauseMs, starts }: Trial): Promise<Outcome> {
  const before = await starts.of(message)
  if (before >= consumer.attempts) return { kind: 'aside', reason: `started ${before} times, and never ended` }
  const attempt = before + 1
  await starts.add(message, attempt)

  try {
    await within(consumer.timeoutMs, start(handle, { body: message.body, attempt }), tookTooLong(consumer))
    return { kind: 'done' }
  } catch (error) {
    if (error instanceof Undeliverable) return { kind: 'aside', reason: printable(error.message) }
    const again = { kind: 'again', inMs: growing(before, firstPauseMs, LONGEST_PAUSE_MS) } as const
    if (error instanceof DependencyUnavailable) {
      await starts.takeBack(message, before)
      return again
    }
    if (attempt < consumer.attempts) return again
    return { kind: 'aside', reason: printable(`failed ${attempt} times, at last: ${error}`) }
  }
}

/** A handler that throws before its first `await` fails like any other. */
const start = async (handle: Handle, delivery: Delivery): Promise<void> => handle(delivery)

const tookTooLong = (consumer: Consumer) => () => new Error(`the handler took more than ${consumer.timeoutMs} ms`)

/** One line without control characters, as it travels in headers. */
const printable = (text: string): string => text.replace(/[^ -~]+/g, ' ').slice(0, LONGEST_REASON)
