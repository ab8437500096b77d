import type { MetricsExportOptions } from '../infrastructures/telemetry/metrics-export.ts'
import type { ReadSetting, Variables } from './config/env.ts'
import { integer, oneOf } from './config/parsers.ts'
import { MAX_STANDARD_MS, type ReadStandard, signalReader, standardReader } from './config/standard-variables.ts'
import { readTraceRatio, readTracing } from './tracing-settings.ts'

export type MetricsExportSettings = Pick<MetricsExportOptions, 'intervalMs' | 'timeoutMs'>

/** The standard variables of OpenTelemetry. Its exporters read others by themselves. */
export function readTelemetry(read: ReadSetting, variables: Variables) {
  const readStandard = standardReader(read, variables)
  const isSent = signalReader(readStandard)
  const [tracing, metricsExport] = [readTracing(readStandard), readMetricsExport(readStandard)]

  return {
    tracing: isSent('TRACES') ? tracing : null,
    traceRatio: readTraceRatio(readStandard),
    metricsExport: isSent('METRICS') ? metricsExport : null,
  }
}

function readMetricsExport(readStandard: ReadStandard): MetricsExportSettings {
  readStandard('OTEL_EXPORTER_OTLP_METRICS_PROTOCOL', oneOf('http/json'), null)
  readStandard('OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE', oneOf('cumulative'), null)
  return {
    intervalMs: readStandard('OTEL_METRIC_EXPORT_INTERVAL', integer(1, MAX_STANDARD_MS), 60_000),
    timeoutMs: readStandard('OTEL_METRIC_EXPORT_TIMEOUT', integer(1, MAX_STANDARD_MS), 30_000),
  }
}
