import type { Sleep } from '../../patterns/cancellable-sleep.ts'
import type { MetricReading } from '../../patterns/monitoring.ts'
import type { ExportEvents } from './tracing.ts'

export type MetricsExportOptions = Readonly<{
  service: string
  version: string
  intervalMs: number
  timeoutMs: number
  sleep: Sleep
}>

/** Exports metrics to a collector. Disposing it exports the last values, and gives up after a short time. */
export interface MetricsExport extends AsyncDisposable {
  /** Exports a reading periodically from now on. */
  start(read: () => Promise<readonly MetricReading[]>, events: ExportEvents): void
}

/** Loads OpenTelemetry only here, so that services without a collector do not pay for it. */
export async function openMetricsExport(options: MetricsExportOptions): Promise<MetricsExport> {
  const opentelemetry = await import('./opentelemetry/open-metrics-export.ts')
  return opentelemetry.openMetricsExport(options)
}
