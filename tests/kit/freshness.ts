import { setTimeout as sleep } from 'node:timers/promises'

/** What a reader was given although something newer had been acknowledged `ms` before he asked. */
export type Stale = Readonly<{ version: number; acknowledged: number; ms: number }>

/** Readers do not take all of the machine. */
const PAUSE_MS = 3

/**
 * Readers of one thing who ask again and again, each for its version. No cache may give any of them what is older than
 * the last write that was acknowledged before he asked.
 */
export function startReaders(readers: readonly (() => Promise<number>)[]) {
  const acknowledgements: Readonly<{ version: number; at: number }>[] = []
  const stale: Stale[] = []
  const state = { reads: 0, isOver: false }

  async function live(read: () => Promise<number>): Promise<void> {
    while (!state.isOver) {
      const [askedAt, acknowledged] = [performance.now(), acknowledgements.at(-1)?.version ?? 0]
      const version = await read()
      state.reads++
      await sleep(PAUSE_MS)
      if (version >= acknowledged) continue
      const { at = askedAt } = acknowledgements.find((one) => one.version > version) ?? {}
      stale.push({ version, acknowledged, ms: Math.round(askedAt - at) })
    }
  }

  const lives = Promise.all(readers.map(live))
  return {
    stale,
    reads: () => state.reads,
    acknowledge: (version: number) => void acknowledgements.push({ version, at: performance.now() }),
    async stop(): Promise<void> {
      state.isOver = true
      await lives
    },
  }
}
