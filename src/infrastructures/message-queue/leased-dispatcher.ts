import { type AttemptStore, type Attempts, createAttemptCounter } from './attempt-counter.ts'
import { openLease } from './lease.ts'
import { createDispatcher, type Dispatcher } from './ordered-dispatcher.ts'
import type { ProcessingOptions } from './process-message.ts'

export type LeaseOptions = Readonly<{
  processing: Omit<ProcessingOptions, 'counter'>
  /** Tells the server that this process is alive. */
  renew: () => Promise<unknown>
  attemptStore: AttemptStore
  localAttempts: Attempts
  /** Called when the lease expires, and when a message cannot be acknowledged. */
  fail: (cause: Error) => void
}>

/**
 * Handles the messages of `deliver` in order, as long as it runs and the lease is held. However `deliver` ends, running
 * handlers may finish, no handler starts after that, and the lease is not renewed any more.
 */
export async function dispatchUnderLease(
  { processing, renew, attemptStore, localAttempts, fail }: LeaseOptions,
  deliver: (dispatcher: Dispatcher) => Promise<void>,
): Promise<void> {
  const lease = await openLease(renew, fail)
  const counter = createAttemptCounter(attemptStore, localAttempts)
  const dispatcher = createDispatcher({ ...processing, counter, mayStart: lease.isHeld, onError: fail })
  try {
    await deliver(dispatcher)
  } finally {
    await dispatcher.stop()
    lease.end()
  }
}
