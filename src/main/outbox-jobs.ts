import type { EventTracing } from '../controllers/events/handler-spans.ts'
import type { MessageQueue } from '../domains/ports/message-queue.ts'
import { startEventRelay } from '../infrastructures/message-queue/relay-events.ts'
import type { StoreDriver } from '../infrastructures/store/driver.ts'
import { startPruning } from '../infrastructures/store/pruning.ts'
import type { Logger } from '../infrastructures/telemetry/logger.ts'
import type { Live } from '../patterns/live.ts'
import { logWarning } from './log-warning.ts'
import { sleep } from './sleep.ts'

/** Publishes the events of the outbox. */
export const startRelay = (
  { outbox }: StoreDriver,
  queue: MessageQueue,
  logger: Logger,
  tracing: EventTracing | null,
) =>
  startEventRelay({
    outbox,
    queue,
    tracing,
    sleep,
    random: Math.random,
    onFailure: logWarning(logger, 'cannot publish events, they wait in the outbox'),
  })

/** Removes expired rows from the store. */
export const startPruningJob = (driver: StoreDriver, publishedMs: Live<number>, logger: Logger) =>
  startPruning({
    driver,
    publishedMs,
    sleep,
    random: Math.random,
    onFailure: logWarning(logger, 'cannot remove expired rows'),
  })
