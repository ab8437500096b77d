import type { Logger } from '../../infrastructures/telemetry/logger.ts'
import type { Config } from '../config.ts'
import { openDriver } from './open-driver.ts'

/** Makes the service publish stored events again, from a time on. Consumers skip the events that they have applied. */
export async function replay(config: Config, logger: Logger, since: Date): Promise<void> {
  const driver = await openDriver(config)
  try {
    const count = await driver.outbox.replay(since)
    logger.info(`${count} events since ${since.toISOString()} will be published again as soon as the service runs`)
  } finally {
    await driver.close()
  }
}
