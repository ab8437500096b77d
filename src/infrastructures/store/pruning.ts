import { setTimeout as pause } from 'node:timers/promises'
import type { Live } from '../../patterns/live.ts'
import { type PeriodicTask, startPeriodicTask } from '../../patterns/periodic-task.ts'
import type { Retention, StoreDriver } from './driver.ts'

type Needs = Omit<Parameters<typeof startPeriodicTask>[1], 'everyMs'> &
  Readonly<{
    driver: Pick<StoreDriver, 'prune'>
    /** How long published events are kept, in milliseconds. */
    publishedMs: Live<number>
  }>

const EVERY_MS = 10 * 60_000

/** Inbox retention as a multiple of outbox retention: an event replayed on its last day may wait in the queue for as long again. */
const INBOX_RETENTION_FACTOR = 3

/** Removes expired rows periodically. */
export function startPruning({ driver, publishedMs, ...needs }: Needs): PeriodicTask {
  const retention = retentionOf(publishedMs)
  return startPeriodicTask((isStopping) => pruneAll(driver, retention(), isStopping), { everyMs: EVERY_MS, ...needs })
}

/** The inbox uses the longest retention that was set since the start: the queue still uses the one of its own start. */
export function retentionOf(publishedMs: Live<number>): () => Retention {
  let maxPublishedMs = publishedMs()

  return () => {
    maxPublishedMs = Math.max(maxPublishedMs, publishedMs())
    return { publishedMs: publishedMs(), handledMs: maxPublishedMs * INBOX_RETENTION_FACTOR }
  }
}

/** In short steps, so that a shutdown need not wait for all of them. */
export async function pruneAll(
  driver: Pick<StoreDriver, 'prune'>,
  retention: Retention,
  isStopping: () => boolean,
): Promise<void> {
  while (!isStopping() && (await driver.prune(retention))) await pause(10)
}
