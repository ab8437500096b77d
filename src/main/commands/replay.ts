import type { Logger } from '../../infrastructures/telemetry/logger.ts'
import type { Config } from '../config.ts'
import { openDriver } from './open-driver.ts'

/** Lets the service publish kept events again, from a time on. What is handled already takes no effect again. */
export async function replay(config: Config, logger: Logger, since: Date): Promise<void> {
  const driver = await openDriver(config)
  try {
    const count = await driver.outbox.replay(since)
    logger.info(`${count} events since ${since.toISOString()} will be published again as soon as the service runs`)
  } finally {
    await driver.close()
  }
}
