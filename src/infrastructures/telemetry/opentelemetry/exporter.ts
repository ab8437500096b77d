import type { SpanExporter } from '@opentelemetry/sdk-trace'
import type { ExportEvents, Protocol } from '../tracing.ts'

/** Sends spans to a collector, as the standard variables say. Spans that it does not accept are dropped. */
export async function openExporter(protocol: Protocol, { onFailure, onSuccess }: ExportEvents): Promise<SpanExporter> {
  const exporter = await load(protocol)
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error === undefined) onSuccess()
        else onFailure(result.error)
        done({ code: SUCCESS }) // the failure was reported, and a retry is not wanted
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  }
}

const SUCCESS = 0

async function load(protocol: Protocol): Promise<SpanExporter> {
  const { OTLPTraceExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto')
  return new OTLPTraceExporter()
}
