import cluster from 'node:cluster'
import type { Logger } from '../infrastructures/telemetry/logger.ts'
import { type MetricsExport, openMetricsExport } from '../infrastructures/telemetry/metrics-export.ts'
import type { ExportEvents, Tracing } from '../infrastructures/telemetry/tracing.ts'
import { PRODUCT } from '../patterns/product.ts'
import type { Variables } from './config/env.ts'
import { LIVE } from './config.ts'
import type { Health } from './health.ts'
import { createOutageLog } from './log-warning.ts'
import type { SettingsInUse } from './settings/settings.ts'
import { sleep } from './sleep.ts'
import { openConfiguredTracing } from './tracing.ts'
import { VERSION } from './version.ts'

/** What this process sends to a collector. */
export type Exports = Readonly<{ tracing: Tracing | null; metrics: MetricsExport | null }>

/** Sends the metrics of the service from now on, if they are sent at all. */
export type StartMetrics = (health: Health) => void

export const NO_EXPORTS: Exports & AsyncDisposable = {
  tracing: null,
  metrics: null,
  [Symbol.asyncDispose]: async () => {},
}

/** Opens the configured exports. Disposing them waits for all of them together. */
export async function openExports(settings: SettingsInUse, variables: Variables): Promise<Exports & AsyncDisposable> {
  exposeToExporters(variables)
  const [tracing, metrics] = [await openConfiguredTracing(settings), await openConfiguredMetrics(settings)]
  return {
    tracing,
    metrics,
    async [Symbol.asyncDispose]() {
      await Promise.all([tracing?.[Symbol.asyncDispose](), metrics?.[Symbol.asyncDispose]()])
    },
  }
}

/** The metrics of the service; null where no endpoint is set, or its supervisor sends those of all workers. */
async function openConfiguredMetrics({ config: { metricsExport } }: SettingsInUse): Promise<MetricsExport | null> {
  if (metricsExport === null || cluster.isWorker) return null
  return openMetricsExport({ service: PRODUCT.service, version: VERSION, ...metricsExport, sleep })
}

/**
 * The exporters of OpenTelemetry read some settings from `process.env`: headers, time-outs, certificates. Settings that may change
 * while the service runs are left out, as workers would inherit their first values.
 */
function exposeToExporters(variables: Variables): void {
  for (const [name, value] of Object.entries(variables))
    if (name.startsWith('OTEL_') && !Object.hasOwn(LIVE, name)) process.env[name] ??= value
}

/** Logs when the collector refuses traces or metrics or does not answer, and when it accepts them again. */
export function exportEvents(what: 'traces' | 'metrics', logger: Logger): ExportEvents {
  const { warn: onFailure, resolve: onSuccess } = createOutageLog(logger, {
    textOf: (cause) => `${what} are lost, as the collector does not take them: ${cause}`,
    restored: `the collector takes ${what} again`,
  })
  return { onFailure, onSuccess }
}
