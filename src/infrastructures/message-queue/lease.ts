import { withTimeout } from './time.ts'

/** How long the right to handle messages outlives its last renewal, on the server as here. */
export const LEASE_MS = 6_000

/**
 * The right to start handlers, for as long as the server has confirmed it lately. It counts from when a renewal was
 * sent, by a clock that nobody sets: a process that was paused finds it lapsed before it does anything else.
 */
export type Lease = Readonly<{ isHeld(): boolean; end(): void }>

/**
 * Renews at once and then three times in the span of a lease. One that has lapsed is not renewed: by then another
 * process may have it. `lapsed` is called when that happens.
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
