/** The same task, run once at a time: whoever asks while it runs is told its outcome too. */
export function singleFlight<Outcome>(task: () => Promise<Outcome>): () => Promise<Outcome> {
  let running: Promise<Outcome> | null = null

  return () => {
    running ??= task().finally(() => {
      running = null
    })
    return running
  }
}
