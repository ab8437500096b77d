import { withTimeout } from './time.ts'

/** How long a lease lasts after its last renewal, on the server and here. */
export const LEASE_MS = 6_000

/**
 * The right to start handlers, as long as the server keeps confirming it. It counts from the time when a renewal was sent,
 * by a monotonic clock: a process that was paused finds it expired before it does anything else.
 */
export type Lease = Readonly<{ isHeld(): boolean; end(): void }>

/**
 * Renews at once and then three times per lease. It does not renew an expired lease, because another process may hold it by
 * then. It calls `onExpired` when that happens.
 */
export async function openLease(renew: () => Promise<unknown>, onExpired: (cause: Error) => void): Promise<Lease> {
  let heldUntil = Number.POSITIVE_INFINITY
  let isOver = false
  const isHeld = () => !isOver && performance.now() < heldUntil

  async function renewOnce(): Promise<void> {
    const sentAt = performance.now()
    await withTimeout(
      LEASE_MS / 3,
      renew(),
      () => new Error('The queue did not renew the lease of a consumer in time.'),
    )
    if (isHeld()) heldUntil = sentAt + LEASE_MS
  }

  function end(): void {
    isOver = true
    clearInterval(timer)
  }

  function expire(cause: Error): void {
    if (isOver || isHeld()) return
    end()
    onExpired(cause)
  }

  await renewOnce()
  const timer = setInterval(() => {
    expire(new Error('A consumer was paused for longer than its lease.'))
    if (!isOver) renewOnce().catch(expire)
  }, LEASE_MS / 3)

  return { isHeld, end }
}
