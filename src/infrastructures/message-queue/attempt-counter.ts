import type { ReceivedMessage } from './received-message.ts'

/** The last stored counts of unfinished messages, wherever a queue stores them: attempts by message id. */
export type AttemptStore = Readonly<{
  load(): Promise<Readonly<Record<string, number>>>
  save(attempts: Readonly<Record<string, number>>): Promise<void>
}>

/** The counts of this process, which survive lost connections: attempts by message id. */
export type Attempts = Map<string, number>

const MAX_REMEMBERED = 1_000

export type AttemptCounter = ReturnType<typeof createAttemptCounter>

/**
 * Counts the attempts to handle each message, across crashes of any process. Queues count deliveries, which are more: each
 * lost connection also counts for messages that only waited.
 *
 * The first attempt is not stored, so that the usual message costs nothing: a redelivered message without a stored count is
 * assumed to have been attempted once. Every further attempt is stored before it begins. So a count is never too low, and
 * too high by at most one.
 */
export function createAttemptCounter(attemptStore: AttemptStore, local: Attempts) {
  let loading: Promise<Attempts> | null = null
  const persisted = (): Promise<Attempts> => {
    loading ??= attemptStore.load().then((attempts) => new Map(Object.entries(attempts)))
    return loading
  }

  return {
    /** Call for each received message: another process may have attempted a redelivered one. */
    maybeAttempted({ id, isRedelivered }: ReceivedMessage): boolean {
      if (local.has(id)) return false
      if (!isRedelivered) remember(local, id, 0)
      return isRedelivered
    },

    async of({ id, isRedelivered }: ReceivedMessage): Promise<number> {
      const seen = local.get(id) ?? (isRedelivered ? 1 : 0)
      return Math.max(seen, (await persisted()).get(id) ?? 0)
    },

    async add({ id }: ReceivedMessage, attempts: number): Promise<void> {
      remember(local, id, attempts)
      if (attempts > 1) await attemptStore.save(Object.fromEntries(remember(await persisted(), id, attempts)))
    },

    /** Undoes the last count: the attempt failed for a reason that is not the message's. */
    async undo({ id }: ReceivedMessage, attempts: number): Promise<void> {
      remember(local, id, attempts)
      const known = await persisted()
      if (known.has(id)) await attemptStore.save(Object.fromEntries(remember(known, id, attempts)))
    },

    /** A later message with the same id counts anew. */
    async clear({ id }: ReceivedMessage): Promise<void> {
      local.delete(id)
      const attempts = await persisted()
      if (attempts.delete(id)) await attemptStore.save(Object.fromEntries(attempts))
    },
  }
}

/** The oldest counts belong to messages that other processes have finished. */
function remember(counts: Attempts, id: string, attempts: number): Attempts {
  counts.delete(id)
  counts.set(id, attempts)
  for (const oldest of counts.keys()) {
    if (counts.size <= MAX_REMEMBERED) break
    counts.delete(oldest)
  }
  return counts
}
