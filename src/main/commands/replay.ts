import { FORUM } from '../../infrastructures/store/aggregates/forum.ts'
import { openStore } from '../../infrastructures/store/open-store.ts'
import type { Logger } from '../../infrastructures/telemetry/logger.ts'
import type { Config } from '../config.ts'

/** Lets the service publish kept events again, from a time on. What is handled already takes no effect again. */
export async function replay({ store, migrates, poolSize }: Config, logger: Logger, since: Date): Promise<void> {
  const driver = await openStore(store, { aggregates: FORUM.aggregates, migrates, poolSize, onIdleError: () => {} })
  try {
    const count = await driver.outbox.replay(since)
    logger.info(`${count} events since ${since.toISOString()} will be published again as soon as the service runs`)
  } finally {
    await driver.close()
  }
}
