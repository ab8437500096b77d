/** A collector that is down does not delay the end of the process for longer. */
const FLUSH_TIMEOUT_MS = 2_000

/** After that: the requests and time-outs of the exporter would keep the process alive for seconds. */
const LEAVE_MS = 100

/** Waits for the last export, for a short time. */
export async function flush(sending: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(resolve, FLUSH_TIMEOUT_MS, true)
  const sent = sending.then(
    () => false,
    () => false,
  )
  const isLate = await Promise.race([sent, late])
  clearTimeout(timer)
  if (isLate) setTimeout(() => process.exit(), LEAVE_MS).unref()
}
