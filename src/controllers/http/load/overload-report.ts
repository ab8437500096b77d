const SECOND_MS = 1_000
/** An overload is over after this time without long queues. */
const QUIET_SECONDS = 3

export type OverloadEvents = Readonly<{
  /** Called each second in which requests were refused, with their number. */
  onRefused: (count: number) => void
  /** Called once an overload is over. */
  onRecovered: () => void
}>

/** Counts refusals, as a line of the log for each would cost more than the refusal. */
export function createOverloadReport({ onRefused, onRecovered }: OverloadEvents) {
  let refused = 0
  let isBusy = false
  let quietSeconds = 0
  let timer: NodeJS.Timeout | null = null

  function tick(): void {
    if (refused > 0) onRefused(refused)
    quietSeconds = isBusy ? 0 : quietSeconds + 1
    refused = 0
    isBusy = false
    if (quietSeconds < QUIET_SECONDS || timer === null) return
    clearInterval(timer)
    timer = null
    onRecovered()
  }

  function recordBusy(): void {
    isBusy = true
    if (timer !== null) return
    quietSeconds = 0
    timer = setInterval(tick, SECOND_MS).unref()
  }

  return {
    recordBusy,

    recordRefusal(): void {
      refused++
      recordBusy()
    },
  }
}
