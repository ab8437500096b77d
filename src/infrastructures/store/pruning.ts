import { setTimeout as pause } from 'node:timers/promises'
import { type PeriodicTask, startPeriodicTask } from '../../patterns/periodic-task.ts'
import type { StoreDriver } from './driver.ts'

type Needs = Omit<Parameters<typeof startPeriodicTask>[1], 'everyMs'> &
  Readonly<{
    driver: Pick<StoreDriver, 'prune'>
    /** How long published events are kept, in milliseconds. */
    publishedMs: number
  }>

const EVERY_MS = 10 * 60_000

/** What was handled is remembered for as long as it may come again: a queue keeps it so long after it was published again. */
const INBOX_RETENTION_FACTOR = 3

/** Removes what is older than anyone needs, now and then. */
export const startPruning = ({ driver, publishedMs, ...needs }: Needs): PeriodicTask =>
  startPeriodicTask((isStopping) => pruneAll(driver, publishedMs, isStopping), { everyMs: EVERY_MS, ...needs })

/** In short steps, so that a stop need not wait for all of them. */
export async function pruneAll(
  driver: Pick<StoreDriver, 'prune'>,
  publishedMs: number,
  isStopping: () => boolean,
): Promise<void> {
  const retention = { publishedMs, handledMs: publishedMs * INBOX_RETENTION_FACTOR }
  while (!isStopping() && (await driver.prune(retention))) await pause(10)
}
