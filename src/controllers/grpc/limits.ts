/** What bounds calls and connections in time and number. */
export const LIMITS = {
  connections: 1_000,
  /** A request that is not there as a whole by then is refused. */
  requestTimeoutMs: 10_000,
  /** A caller who takes nothing of an answer for so long is cut off. */
  stallTimeoutMs: 15_000,
  /** What is still unsent when a stream ends may take so long. */
  flushTimeoutMs: 1_000,
  /** Those who watch come back with a new token. */
  streamLifetimeMs: 15 * 60_000,
}

export type Limits = Readonly<typeof LIMITS>
