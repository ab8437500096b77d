import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import type { ExportEvents, Tracing, TracingOptions } from '../tracing.ts'
import { openExporter } from './exporter.ts'
import { flush } from './flush.ts'
import { createResource } from './resource.ts'
import { createSampler } from './sampler.ts'
import { createTracer } from './tracer.ts'

/** Spans wait in a bounded queue and leave in batches: what does not fit is dropped. */
export async function openTracing(options: TracingOptions): Promise<Tracing> {
  const { service, version, sampler, ratio, protocol, batch } = options
  let events: ExportEvents = { onFailure: () => {}, onSuccess: () => {} }
  const exporter = await openExporter(protocol, {
    onFailure: (error) => events.onFailure(error),
    onSuccess: () => events.onSuccess(),
  })
  const provider = new TracerProvider({
    resource: createResource(service, version),
    sampler: createSampler(sampler, ratio),
    spanProcessors: [new BatchSpanProcessor({ exporter, ...batch })],
  })

  return {
    tracer: createTracer(provider.getTracer(service, version)),
    report(given) {
      events = given
    },
    [Symbol.asyncDispose]: () => flush(provider.shutdown()),
  }
}
