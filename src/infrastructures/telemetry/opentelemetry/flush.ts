/** A collector that is away does not keep the process from ending. */
const FLUSH_TIMEOUT_MS = 2_000

/** After it: nothing is left to do then, but the requests and time-outs of the exporter would go on for seconds. */
const LEAVE_MS = 100

/** Waits for what is sent last, if the collector takes it soon. */
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
