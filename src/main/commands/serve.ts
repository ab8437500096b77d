import cluster from 'node:cluster'
import { localHealth } from '../../controllers/health/health-source.ts'
import type { Logger } from '../../infrastructures/telemetry/logger.ts'
import type { Tracing } from '../../infrastructures/telemetry/tracing.ts'
import { combinedMonitoring, type Monitoring } from '../../patterns/monitoring.ts'
import type { Tracer } from '../../patterns/tracing.ts'
import { runApplication } from '../application.ts'
import { openHealth } from '../health.ts'
import { followSettings } from '../settings/follow-settings.ts'
import type { Setup } from '../settings/load-settings.ts'
import { ignoreOtherSignals, shutdownSignal } from '../shutdown-signals.ts'
import { summarize } from '../startup-summary.ts'
import { logExports } from '../tracing.ts'
import { supervise } from '../workers/supervisor.ts'
import { work } from '../workers/worker.ts'

/** Runs the service until it is told to stop, in this process or in several. */
export async function serve(setup: Setup, logger: Logger, tracing: Tracing | null): Promise<void> {
  const tracer = tracing?.tracer ?? null
  logExports(tracing, logger)
  if (cluster.isWorker) return work(setup, logger, tracer)
  if (setup.settings.config.workers > 1) return supervise(setup, logger)
  return serveAlone(setup, logger, tracer)
}

async function serveAlone(setup: Setup, logger: Logger, tracer: Tracer | null): Promise<void> {
  const { settings } = setup
  const { config } = settings
  const stop = shutdownSignal()
  ignoreOtherSignals(logger)
  using following = followSettings({ ...setup, logger })
  let [isServing, monitoring]: [boolean, Monitoring] = [false, following.monitoring]
  const source = localHealth(
    () => monitoring.checks,
    () => monitoring.metrics,
  )
  await using _health = await openHealth(config, { isServing: () => isServing, source })

  await runApplication({
    settings,
    logger,
    tracer,
    stop: stop.then((reason) => ({ reason, delayMs: config.shutdown.delayMs })),
    onServing(started) {
      monitoring = combinedMonitoring(following.monitoring, started)
      isServing = true
      for (const line of summarize(config)) logger.info(line)
    },
    onStopping(reason) {
      logger.info(`stopping on ${reason}`)
      isServing = false
    },
  })
}
