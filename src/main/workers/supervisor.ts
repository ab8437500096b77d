import cluster, { type Worker } from 'node:cluster'
import type { Logger } from '../../infrastructures/telemetry/logger.ts'
import { exitDuringStartup, whenDatabaseAnswers } from '../application.ts'
import { migrate } from '../commands/migrate.ts'
import type { StartMetrics } from '../exports.ts'
import { openHealth } from '../health.ts'
import { followSettings } from '../settings/follow-settings.ts'
import type { Setup } from '../settings/load-settings.ts'
import { shutdownSignal } from '../shutdown-signals.ts'
import { summarize } from '../startup-summary.ts'
import { followTotals } from './messages.ts'
import { createMetricTotals } from './metric-totals.ts'
import { broadcastSettings, sendSettings } from './shared-settings.ts'
import { createWorkerPool, reload, startAll } from './worker-pool.ts'
import type { Ending } from './worker-process.ts'
import { workersHealth } from './workers-health.ts'

/** Runs several workers, migrates once for all, and answers for their health. SIGHUP exchanges them one by one. */
export async function supervise(setup: Setup, logger: Logger, startMetrics: StartMetrics): Promise<void> {
  const { settings, origin } = setup
  const { config, valuesInForce } = settings
  const stop = shutdownSignal()
  using following = followSettings({ ...setup, logger, onChange: () => broadcastSettings(valuesInForce()) })
  const totals = createMetricTotals<Worker>()
  const pool = createWorkerPool(logger, (worker) => {
    followTotals(worker, totals)
    if (origin !== null) sendSettings(worker, valuesInForce())
  })
  let isServing = false
  for (const signal of ['SIGUSR1', 'SIGUSR2']) process.on(signal, () => {})
  onHangUp(logger, async () => (isServing ? reload(pool, logger) : undefined))
  const source = workersHealth(pool.serving, totals, following.monitoring)
  const health = { isServing: () => isServing && pool.serving().length > 0, source }
  await using _health = await openHealth(config, health)
  startMetrics(health)

  cluster.setupPrimary({ args: process.argv.slice(2) })
  const started = await Promise.race([open(), stop])
  if (typeof started === 'string') {
    await pool.stop(0)
    exitDuringStartup(logger, started)
  }
  if (started !== null) {
    await pool.stop(0)
    if (started.signal !== null) logger.error(`a worker could not start: it was ended by ${started.signal}`)
    return exit(started.code)
  }

  isServing = true
  for (const line of summarize(config)) logger.info(line)

  logger.info(`stopping on ${await stop}`)
  isServing = false
  const code = await pool.stop(config.shutdown.delayMs)
  if (code !== 0) exit(code)

  async function open(): Promise<Ending | null> {
    if (config.migrates) await whenDatabaseAnswers(logger, () => migrate(config, logger))
    return startAll(pool, config.workers)
  }
}

/** The reason has been logged. */
const exit = (code: number): never => process.exit(code)

function onHangUp(logger: Logger, exchange: () => Promise<void>): void {
  let running: Promise<void> | null = null
  process.on('SIGHUP', () => {
    if (running !== null) return logger.info('ignored SIGHUP: workers are being replaced')
    logger.info('SIGHUP: replaces the workers one by one')
    running = exchange().finally(() => {
      running = null
    })
  })
}
