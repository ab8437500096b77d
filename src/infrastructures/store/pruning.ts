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

/** Inbox retention as a multiple of outbox retention: an event replayed on its last day may wait in the queue for as long again. */
const INBOX_RETENTION_FACTOR = 3

/** Removes expired rows periodically. */
export const startPruning = ({ driver, publishedMs, ...needs }: Needs): PeriodicTask =>
  startPeriodicTask((isStopping) => pruneAll(driver, publishedMs, isStopping), { everyMs: EVERY_MS, ...needs })

/** In short steps, so that a shutdown need not wait for all of them. */
export async function pruneAll(
  driver: Pick<StoreDriver, 'prune'>,
  publishedMs: number,
  isStopping: () => boolean,
): Promise<void> {
  const retention = { publishedMs, handledMs: publishedMs * INBOX_RETENTION_FACTOR }
  while (!isStopping() && (await driver.prune(retention))) await pause(10)
}
