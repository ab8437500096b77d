import { type Outcome, type Trial, tryOnce } from './attempt.ts'
import { type Held, openLanes } from './lanes.ts'
import { openPauses } from './pauses.ts'
import type { Received } from './received.ts'

/** How many handlers run at once. */
const MOST_AT_ONCE = 32

/** How many messages a queue hands to one process before it waits: those that run, and those behind them. */
export const MOST_HELD = 256

export type HandlingOptions = Trial & Readonly<{ mayStart: () => boolean; onTrouble: (error: Error) => void }>

/** Handles messages that are received in the order in which they were published. */
export type Handling = Readonly<{
  receive(message: Received): void
  /** No handler is started any more: resolves, when those that run have ended, with the messages that are left. */
  stop(): Promise<readonly Received[]>
}>

/**
 * One message per key at a time, in order: the first of a key stays the first until it is settled, and its next attempt
 * is made right here. Many keys go side by side.
 *
 * A message that may have killed the process that had it is tried alone: it then takes no other message with it, and
 * none is blamed for what another did.
 */
export function handleInOrder({ mayStart, onTrouble, ...trial }: HandlingOptions): Handling {
  const lanes = openLanes()
  const pauses = openPauses()
  const idle = Promise.withResolvers<void>()
  let running = 0
  let isAlone = false
  let isStopping = false

  function startMore(): void {
    while (!isStopping && !isAlone && mayStart()) {
      const next = lanes.first()
      if (next === undefined || running >= (next.hasUnknownPast ? 1 : MOST_AT_ONCE)) return
      lanes.take(next)
      void run(next)
    }
  }

  function offer(held: Held): void {
    lanes.offer(held)
    startMore()
  }

  async function run(held: Held): Promise<void> {
    running++
    isAlone = held.hasUnknownPast
    const outcome = await handle(held.message, trial).catch(onTrouble)
    held.hasUnknownPast = false
    if (outcome?.kind === 'again') pauses.after(outcome.inMs, () => offer(held))
    else if (outcome) lanes.leave(held)
    running--
    isAlone = false
    startMore()
    if (isStopping && running === 0) idle.resolve()
  }

  return {
    receive(message) {
      lanes.add({ message, hasUnknownPast: trial.starts.hasUnknownPast(message) })
      startMore()
    },

    async stop() {
      isStopping = true
      pauses.callOff()
      if (running > 0) await idle.promise
      return lanes.left()
    },
  }
}

/** Tries once, and settles the message unless it is to be tried again. */
async function handle(message: Received, trial: Trial): Promise<Outcome> {
  const outcome = await tryOnce(message, trial)
  if (outcome.kind === 'again') return outcome
  if (outcome.kind === 'done') await message.done()
  else await message.setAside(outcome.reason)
  await trial.starts.forget(message)
  return outcome
}
