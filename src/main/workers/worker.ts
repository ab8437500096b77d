import { localHealth, readMetrics } from '../../controllers/health/health-source.ts'
import type { Logger } from '../../infrastructures/telemetry/logger.ts'
import type { Monitoring } from '../../patterns/monitoring.ts'
import { isCumulative } from '../../patterns/monitoring.ts'
import type { Tracer } from '../../patterns/tracing.ts'
import { runApplication, type Stop } from '../application.ts'
import { followSettings } from '../settings/follow-settings.ts'
import type { Setup } from '../settings/load-settings.ts'
import { sendToSupervisor, serveHealthRequests } from './messages.ts'

/** One of several processes that share the port. It stops when its supervisor says so, and ends with it. */
export async function work(setup: Setup, logger: Logger, tracer: Tracer | null): Promise<void> {
  const { settings } = setup
  using _following = followSettings({ ...setup, logger, logsChanges: false })
  const { promise: stop, resolve } = Promise.withResolvers<Stop>()
  process.on('SIGTERM', () => resolve({ reason: 'SIGTERM', delayMs: settings.config.shutdown.delayMs }))
  for (const signal of ['SIGINT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2']) process.on(signal, () => {}) // for the supervisor
  let monitoring: Monitoring = { checks: {}, metrics: [] }
  const source = localHealth(
    () => monitoring.checks,
    () => monitoring.metrics,
  )
  serveHealthRequests(source, (delayMs) => resolve({ reason: 'its supervisor', delayMs }))

  try {
    await runApplication({
      settings,
      logger,
      tracer,
      stop,
      onServing(started) {
        monitoring = started
        sendToSupervisor({ kind: 'serving' })
      },
      onStopping: (reason) => logger.debug(`worker ${process.pid} stops on ${reason}`),
    })
  } finally {
    const readings = await readMetrics(monitoring.metrics.filter(isCumulative))
    if (process.connected) sendToSupervisor({ kind: 'totals', readings })
    process.channel?.unref() // An open channel would keep the process alive.
  }
}
