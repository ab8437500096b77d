import type { Logger } from '../infrastructures/telemetry/logger.ts'

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const

/** By default they end the process, or open the inspector (SIGUSR1). */
const IGNORED = ['SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const

/**
 * npm forwards SIGINT and SIGTERM to the service. A terminal or systemd sends them to both, so the service gets each one
 * twice: a second one within this time does not count.
 */
const FORWARDED_WITHIN_MS = 1_000

const isRunByNpm = ['start', 'dev'].includes(process.env['npm_lifecycle_event'] ?? '')

/** Resolves at the first request to stop; the second one ends the process at once. */
export function shutdownSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>()
  let stoppingSince: number | null = null

  for (const [signal, code] of Object.entries(EXIT_CODES)) {
    process.on(signal, () => {
      if (stoppingSince === null) {
        stoppingSince = performance.now()
        return resolve(signal as NodeJS.Signals)
      }
      if (isRunByNpm && performance.now() - stoppingSince < FORWARDED_WITHIN_MS) return
      process.exit(code)
    })
  }
  return promise
}

/** Ignores the signals of log rotation, supervisors and closing terminals. */
export function ignoreOtherSignals(logger: Logger): void {
  for (const signal of IGNORED) process.on(signal, () => logger.info(`ignored ${signal}: SIGTERM stops the service`))
}
