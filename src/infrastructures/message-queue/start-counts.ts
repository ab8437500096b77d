import type { Received } from './received.ts'

/** The last thing written down about unfinished messages, wherever a queue keeps it: starts by the id of a message. */
export type Ledger = Readonly<{
  load(): Promise<Readonly<Record<string, number>>>
  save(starts: Readonly<Record<string, number>>): Promise<void>
}>

/** What this process has seen itself, over the loss of connections: starts by the id of a message. */
export type Starts = Map<string, number>

const MOST_REMEMBERED = 1_000

export type StartCounts = ReturnType<typeof countStarts>

/**
 * Counts how often the handling of each message was started, over crashes of anyone. Queues count how often they handed
 * a message out, which is more: with every lost connection also for messages that merely waited for their turn.
 *
 * A first start is not written down, so that the usual message costs nothing: whoever is handed a message of an unknown
 * past assumes that it was started once. Every further start is written down before it happens. A count is thus never
 * too low, and too high by at most one.
 */
export function countStarts(ledger: Ledger, own: Starts) {
  let loading: Promise<Starts> | null = null
  const written = (): Promise<Starts> => {
    loading ??= ledger.load().then((starts) => new Map(Object.entries(starts)))
    return loading
  }

  return {
    /** To be told of every message that is received. Of an unknown past is one that another process may have started. */
    hasUnknownPast({ id, isRepeated }: Received): boolean {
      if (own.has(id)) return false
      if (!isRepeated) remember(own, id, 0)
      return isRepeated
    },

    async of({ id, isRepeated }: Received): Promise<number> {
      const seen = own.get(id) ?? (isRepeated ? 1 : 0)
      return Math.max(seen, (await written()).get(id) ?? 0)
    },

    async add({ id }: Received, starts: number): Promise<void> {
      remember(own, id, starts)
      if (starts > 1) await ledger.save(Object.fromEntries(remember(await written(), id, starts)))
    },

    /** Goes back to an earlier count: the last start was in vain, and the message is not to blame. */
    async takeBack({ id }: Received, starts: number): Promise<void> {
      remember(own, id, starts)
      const known = await written()
      if (known.has(id)) await ledger.save(Object.fromEntries(remember(known, id, starts)))
    },

    /** That it is published once more is another story. */
    async forget({ id }: Received): Promise<void> {
      own.delete(id)
      const starts = await written()
      if (starts.delete(id)) await ledger.save(Object.fromEntries(starts))
    },
  }
}

/** What lies there longest belongs to messages that others have finished. */
function remember(counts: Starts, id: string, starts: number): Starts {
  counts.delete(id)
  counts.set(id, starts)
  for (const oldest of counts.keys()) {
    if (counts.size <= MOST_REMEMBERED) break
    counts.delete(oldest)
  }
  return counts
}
