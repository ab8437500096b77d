import { type AttemptStore, type Attempts, createAttemptCounter } from './attempt-counter.ts'
import { openLease } from './lease.ts'
import { createDispatcher, type Dispatcher } from './ordered-dispatcher.ts'
import type { ProcessingOptions } from './process-message.ts'

export type LeaseOptions = Readonly<{
  processing: Omit<ProcessingOptions, 'counter'>
  /** Confirms to the server that this process is still there. */
  renew: () => Promise<unknown>
  attemptStore: AttemptStore
  localAttempts: Attempts
  /** Told when the lease lapses, and when a message cannot be settled. */
  fail: (cause: Error) => void
}>

/**
 * Handles what `deliver` receives, in order, for as long as it runs and the lease is held. However `deliver` ends, the
 * handlers that run are let end, none is started after that, and the lease is not renewed any more.
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
