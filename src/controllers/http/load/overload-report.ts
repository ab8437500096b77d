const SECOND_MS = 1_000
/** So long without long queues, and the overload is over. */
const CALM_SECONDS = 3

export type OverloadEvents = Readonly<{
  /** Called each second in which requests were refused, with their number. */
  onRefused: (count: number) => void
  /** Called once an overload is over. */
  onRelief: () => void
}>

/** Counts refusals, as a line of the log for each would cost more than the refusal. */
export function createOverloadReport({ onRefused, onRelief }: OverloadEvents) {
  let refused = 0
  let isBusy = false
  let calmSeconds = 0
  let timer: NodeJS.Timeout | null = null

  function tick(): void {
    if (refused > 0) onRefused(refused)
    calmSeconds = isBusy ? 0 : calmSeconds + 1
    refused = 0
    isBusy = false
    if (calmSeconds < CALM_SECONDS || timer === null) return
    clearInterval(timer)
    timer = null
    onRelief()
  }

  function noteBusy(): void {
    isBusy = true
    if (timer !== null) return
    calmSeconds = 0
    timer = setInterval(tick, SECOND_MS).unref()
  }

  return {
    noteBusy,

    noteRefusal(): void {
      refused++
      noteBusy()
    },
  }
}
