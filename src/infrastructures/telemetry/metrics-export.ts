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

/** Metrics that leave for a collector, until it is disposed of: then it sends the last ones, if they are taken soon. */
export interface MetricsExport extends AsyncDisposable {
  /** From now on sends what is read, again and again. */
  start(read: () => Promise<readonly MetricReading[]>, events: ExportEvents): void
}

/** Loads OpenTelemetry, which nobody pays for who does not use it. */
export async function openMetricsExport(options: MetricsExportOptions): Promise<MetricsExport> {
  const opentelemetry = await import('./opentelemetry/open-metrics-export.ts')
  return opentelemetry.openMetricsExport(options)
}
