import { DependencyUnavailable } from '../domains/errors/dependency-errors.ts'
import { ServerSetupError } from '../infrastructures/connection/server-setup-error.ts'
import type { Logger } from '../infrastructures/telemetry/logger.ts'
import { reasonOf } from '../patterns/reason.ts'

type TextOf = (cause: string) => string
type Uptime = () => number

/** A lasting failure is logged again after so long. */
const REPEAT_MS = 60_000

/** How many logged causes are remembered. */
const MAX_CAUSES = 50

const uptimeOfProcess: Uptime = () => performance.now()

/**
 * Logs a failure after which the service continues: a text that says what it means, with the cause. A repeated failure is
 * logged at once for each cause, and then once a minute.
 */
export const logWarning = (
  logger: Logger,
  text: string | TextOf,
  uptime = uptimeOfProcess,
): ((error: unknown) => void) => createWarning(logger, typeof text === 'string' ? () => text : text, uptime).warn

type Outage = Readonly<{ textOf: TextOf; restored: string; uptime?: Uptime }>

/** The same for an outage, whose end is logged too. */
export function createOutageLog(logger: Logger, { textOf, restored, uptime = uptimeOfProcess }: Outage) {
  const { warn, reset } = createWarning(logger, textOf, uptime)
  return {
    warn,
    resolve(): void {
      if (reset()) logger.info(restored)
    },
  }
}

function createWarning(logger: Logger, textOf: TextOf, uptime: Uptime) {
  const loggedAt = new Map<string, number>()

  return {
    warn(error: unknown): void {
      const [cause, now] = [causeOf(error), uptime()]
      if (now - (loggedAt.get(cause) ?? Number.NEGATIVE_INFINITY) < REPEAT_MS) return
      if (loggedAt.size >= MAX_CAUSES) loggedAt.clear()
      loggedAt.set(cause, now)
      logger.warn({ 'error.message': cause }, textOf(cause))
    },

    /** Whether there was something to forget. */
    reset(): boolean {
      const hadLogged = loggedAt.size > 0
      loggedAt.clear()
      return hadLogged
    },
  }
}

/** Callers learn that a dependency does not answer; operators need the cause. */
function causeOf(error: unknown): string {
  if (error instanceof DependencyUnavailable && error.cause) return causeOf(error.cause)
  return error instanceof ServerSetupError ? error.message : reasonOf(error)
}
