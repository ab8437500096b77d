/** The same task, run once at a time: callers that arrive while it runs share its outcome. */
export function singleFlight<Outcome>(task: () => Promise<Outcome>): () => Promise<Outcome> {
  let running: Promise<Outcome> | null = null

  return () => {
    running ??= task().finally(() => {
      running = null
    })
    return running
  }
}
