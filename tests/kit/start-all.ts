/** Starts so many side by side. If one does not start, those that did are ended, and its error is thrown. */
export async function startAll<Started extends AsyncDisposable>(
  count: number,
  start: () => Promise<Started>,
): Promise<readonly Started[]> {
  const outcomes = await Promise.allSettled(Array.from({ length: count }, start))
  const started = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []))
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed === undefined) return started
  await Promise.all(started.map((each) => each[Symbol.asyncDispose]()))
  throw failed.reason
}
