import { createCancellableSleep, type Sleep } from '../../../patterns/cancellable-sleep.ts'
import type { KeySet } from './key-set.ts'

export type Timing = Readonly<{ sleep: Sleep; random: () => number }>

const EVERY_MS = 10 * 60_000
const MIN_BACKOFF_MS = 1_000
const MAX_BACKOFF_MS = 30_000

/**
 * Reads the keys at once, and again and again: every ten minutes, and after a failure with back-off from one second to
 * half a minute. So a service that started before its issuer recovers by itself, without any request.
 */
export function startKeyRefresh(keySet: Pick<KeySet, 'refresh'>, { sleep, random }: Timing): () => void {
  const sleeper = createCancellableSleep(sleep)

  async function run(): Promise<void> {
    for (let failures = 0; !sleeper.isCancelled(); ) {
      failures = await keySet.refresh().then(
        () => 0,
        () => failures + 1,
      )
      await sleeper.sleep(backoffAfter(failures) * (0.5 + random() / 2))
    }
  }

  void run()
  return sleeper.cancel
}

const backoffAfter = (failures: number): number =>
  failures === 0 ? EVERY_MS : Math.min(MIN_BACKOFF_MS * 2 ** (failures - 1), MAX_BACKOFF_MS)
