import cluster from 'node:cluster'
import { localHealth } from '../../controllers/health/health-source.ts'
import { metricsReader } from '../../controllers/health/service-metrics.ts'
import type { Logger } from '../../infrastructures/telemetry/logger.ts'
import { combinedMonitoring, isCumulative, type Monitoring } from '../../patterns/monitoring.ts'
import type { Tracer } from '../../patterns/tracing.ts'
import { runApplication } from '../application.ts'
import { type Exports, exportEvents, type StartMetrics } from '../exports.ts'
import { openHealth } from '../health.ts'
import { followSettings } from '../settings/follow-settings.ts'
import type { Setup } from '../settings/load-settings.ts'
import { ignoreOtherSignals, shutdownSignal } from '../shutdown-signals.ts'
import { summarize } from '../startup-summary.ts'
import { VERSION } from '../version.ts'
import { supervise } from '../workers/supervisor.ts'
import { work } from '../workers/worker.ts'

/** Runs the service until a signal stops it, in this process or in several. */
export async function serve(setup: Setup, logger: Logger, { tracing, metrics }: Exports): Promise<void> {
  const tracer = tracing?.tracer ?? null
  tracing?.report(exportEvents('traces', logger))
  const startMetrics: StartMetrics = (health) =>
    metrics?.start(metricsReader({ ...health, version: VERSION }), exportEvents('metrics', logger))
  if (cluster.isWorker) return work(setup, logger, tracer)
  if (setup.settings.config.workers > 1) return supervise(setup, logger, startMetrics)
  return serveAlone(setup, logger, tracer, startMetrics)
}

async function serveAlone(
  setup: Setup,
  logger: Logger,
  tracer: Tracer | null,
  startMetrics: StartMetrics,
): Promise<void> {
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
  const health = { isServing: () => isServing, source }
  await using _health = await openHealth(config, health)
  startMetrics(health)

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
  }).finally(() => {
    // The dependencies are closed: the last export has only the metrics that this process counted itself.
    monitoring = { checks: following.monitoring.checks, metrics: monitoring.metrics.filter(isCumulative) }
  })
}
