import { createPauses, type Sleep } from '../../../patterns/pauses.ts'
import type { KeySet } from './key-set.ts'

export type Timing = Readonly<{ sleep: Sleep; random: () => number }>

const EVERY_MS = 10 * 60_000
const FIRST_PAUSE_MS = 1_000
const MAX_PAUSE_MS = 30_000

/**
 * Reads the keys at once, and again and again: every ten minutes, and after a failure with back-off from one second to
 * half a minute. So a service whose issuer comes up after it heals by itself, without any request.
 */
export function startRefreshing(keySet: Pick<KeySet, 'refresh'>, { sleep, random }: Timing): () => void {
  const pauses = createPauses(sleep)

  async function run(): Promise<void> {
    for (let failures = 0; !pauses.areOver(); ) {
      failures = await keySet.refresh().then(
        () => 0,
        () => failures + 1,
      )
      await pauses.pause(pauseAfter(failures) * (0.5 + random() / 2))
    }
  }

  void run()
  return pauses.endAll
}

const pauseAfter = (failures: number): number =>
  failures === 0 ? EVERY_MS : Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), MAX_PAUSE_MS)
