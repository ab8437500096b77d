import type { Logger } from '../../infrastructures/telemetry/logger.ts'
import type { Config } from '../config.ts'
import { openDriver } from './open-driver.ts'

/** Applies the pending migrations, under a lock, and ends. */
export async function migrate(config: Config, logger: Logger): Promise<void> {
  const driver = await openDriver({ ...config, migrates: true })
  await driver.close()
  logger.info('the schema of the database is up to date')
}
