import type { ReceivedMessage } from './received-message.ts'

/** The last thing written down about unfinished messages, wherever a queue keeps it: starts by the id of a message. */
export type AttemptStore = Readonly<{
  load(): Promise<Readonly<Record<string, number>>>
  save(attempts: Readonly<Record<string, number>>): Promise<void>
}>

/** What this process has seen itself, over the loss of connections: starts by the id of a message. */
export type Attempts = Map<string, number>

const MAX_REMEMBERED = 1_000

export type AttemptCounter = ReturnType<typeof createAttemptCounter>

/**
 * Counts how often the handling of each message was started, over crashes of anyone. Queues count how often they handed
 * a message out, which is more: with every lost connection also for messages that merely waited for their turn.
 *
 * A first start is not written down, so that the usual message costs nothing: whoever is handed a message of an unknown
 * past assumes that it was started once. Every further start is written down before it happens. A count is thus never
 * too low, and too high by at most one.
 */
export function createAttemptCounter(attemptStore: AttemptStore, local: Attempts) {
  let loading: Promise<Attempts> | null = null
  const persisted = (): Promise<Attempts> => {
    loading ??= attemptStore.load().then((attempts) => new Map(Object.entries(attempts)))
    return loading
  }

  return {
    /** To be told of every message that is received. Of an unknown past is one that another process may have started. */
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

    /** Goes back to an earlier count: the last start was in vain, and the message is not to blame. */
    async undo({ id }: ReceivedMessage, attempts: number): Promise<void> {
      remember(local, id, attempts)
      const known = await persisted()
      if (known.has(id)) await attemptStore.save(Object.fromEntries(remember(known, id, attempts)))
    },

    /** That it is published once more is another story. */
    async clear({ id }: ReceivedMessage): Promise<void> {
      local.delete(id)
      const attempts = await persisted()
      if (attempts.delete(id)) await attemptStore.save(Object.fromEntries(attempts))
    },
  }
}

/** What lies there longest belongs to messages that others have finished. */
function remember(counts: Attempts, id: string, attempts: number): Attempts {
  counts.delete(id)
  counts.set(id, attempts)
  for (const oldest of counts.keys()) {
    if (counts.size <= MAX_REMEMBERED) break
    counts.delete(oldest)
  }
  return counts
}
