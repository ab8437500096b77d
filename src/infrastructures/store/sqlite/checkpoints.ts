import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { singleFlight } from '../../../patterns/single-flight.ts'
import type { SqliteConnection } from './connection.ts'

/** The log is copied when it has grown to so many pages: each is copied once, however often it has changed. */
const PAGES = 8_000
/** The main thread may copy this number of pages: it delays requests very little. */
const FEW_PAGES = 500
/** With each pass of the thread fewer pages are left, unless the disk is slower than the writers. */
const MAX_PASSES = 4
/** If the thread has died or cannot keep up, this one copies whatever there is. */
const TOO_MANY_PAGES = 4 * PAGES

type Log = Readonly<{ log: number; checkpointed: number }>

/** Before 3.51.3 SQLite may lose pages if one connection begins the log anew while two others copy it. */
export const checkpointsSafely = (version: string): boolean =>
  version.localeCompare('3.51.3', 'en', { numeric: true }) >= 0

/**
 * Copies the write-ahead log into the file ("checkpoint") in a thread: the disk needs 50 ms for it, in which this one could answer
 * no request. The thread copies while this one writes. SQLite begins the log anew once every page is copied, so this one copies the
 * last few.
 */
export function createCheckpoints({ all, database }: SqliteConnection) {
  let thread: Worker | null = null
  const isSafe = checkpointsSafely(process.versions['sqlite'] ?? '')
  if (isSafe) database.exec(`pragma wal_autocheckpoint = ${TOO_MANY_PAGES}`)

  function start(): Worker {
    const file = new URL('./checkpoint-thread.ts', import.meta.url)
    const started = new Worker(file, { workerData: database.location() })
    started.on('error', () => {})
    started.unref()
    return started
  }

  function pagesLeft(): number {
    const [state] = all('pragma wal_checkpoint(noop)', []) as readonly [Log]
    return state.log - state.checkpointed
  }

  const checkpointWhenLarge = singleFlight(async () => {
    if (pagesLeft() < PAGES) return
    thread ??= start()
    for (let pass = 0; pass < MAX_PASSES && pagesLeft() > FEW_PAGES; pass++) {
      thread.postMessage(null)
      await once(thread, 'message')
    }
    if (pagesLeft() <= FEW_PAGES) all('pragma wal_checkpoint(passive)', [])
  })

  return {
    /** Begins to copy the log if it has grown large. What cannot be copied now is copied later. */
    afterCommit(): void {
      if (isSafe) checkpointWhenLarge().catch(() => {})
    },

    close: async (): Promise<void> => void (await thread?.terminate()),
  }
}
