import { FORUM } from '../../infrastructures/store/aggregates/forum.ts'
import { openStore } from '../../infrastructures/store/open-store.ts'
import type { Logger } from '../../infrastructures/telemetry/logger.ts'
import type { Config } from '../config.ts'

/** Applies the pending migrations, under a lock, and ends. */
export async function migrate({ store, poolSize }: Config, logger: Logger): Promise<void> {
  const driver = await openStore(store, {
    aggregates: FORUM.aggregates,
    migrates: true,
    poolSize,
    onIdleError: () => {},
  })
  await driver.close()
  logger.info('the schema of the database is up to date')
}
