import type { Trial } from './attempt.ts'
import { type Handling, handleInOrder } from './handle-in-order.ts'
import { openLease } from './lease.ts'
import { countStarts, type Ledger, type Starts } from './start-counts.ts'

export type Tenure = Readonly<{
  trial: Omit<Trial, 'starts'>
  /** Confirms to the server that this process is still there. */
  renew: () => Promise<unknown>
  ledger: Ledger
  own: Starts
  /** Told when the lease lapses, and when a message cannot be settled. */
  fail: (cause: Error) => void
}>

/**
 * Handles what `deliver` receives, in order, for as long as it runs and the lease is held. However `deliver` ends, the
 * handlers that run are let end, none is started after that, and the lease is not renewed any more.
 */
export async function handleUnderLease(
  { trial, renew, ledger, own, fail }: Tenure,
  deliver: (handling: Handling) => Promise<void>,
): Promise<void> {
  const lease = await openLease(renew, fail)
  const starts = countStarts(ledger, own)
  const handling = handleInOrder({ ...trial, starts, mayStart: lease.isHeld, onTrouble: fail })
  try {
    await deliver(handling)
  } finally {
    await handling.stop()
    lease.end()
  }
}
