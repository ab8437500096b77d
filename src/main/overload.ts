import type { OverloadEvents } from '../controllers/http/load/overload-report.ts'
import { collectGarbage } from '../infrastructures/telemetry/collect-garbage.ts'
import type { Logger } from '../infrastructures/telemetry/logger.ts'
import { logWarning } from './log-warning.ts'

/** Logs a line per second during an overload, and releases memory afterwards. */
export const overloadEvents = (logger: Logger): OverloadEvents => ({
  onRefused: (count) =>
    logger.warn(
      { 'event.action': 'overloaded', 'event.count': count },
      `overloaded: ${count} requests refused within 1 s`,
    ),
  onRecovered: () => void collectGarbage().catch(logWarning(logger, 'cannot release memory after the overload')),
})
