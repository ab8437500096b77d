import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import type { ExportEvents, Tracing, TracingOptions } from '../tracing.ts'
import { openExporter } from './exporter.ts'
import { createSampler } from './sampler.ts'
import { createTracer } from './tracer.ts'

/** A collector that is away does not keep the process from ending. */
const FLUSH_TIMEOUT_MS = 2_000

/** After it: nothing is left to do then, but the requests and time-outs of the exporter would go on for seconds. */
const LEAVE_MS = 100

/** Spans wait in a bounded queue and leave in batches: what does not fit is dropped. */
export async function openTracing(options: TracingOptions): Promise<Tracing> {
  const { service, version, sampler, ratio, protocol, batch } = options
  let events: ExportEvents = { onFailure: () => {}, onSuccess: () => {} }
  const exporter = await openExporter(protocol, {
    onFailure: (error) => events.onFailure(error),
    onSuccess: () => events.onSuccess(),
  })
  const own = resourceFromAttributes({
    'service.name': service,
    'service.version': version,
    'service.instance.id': `${process.pid}`,
  })
  const provider = new TracerProvider({
    resource: own.merge(detectResources({ detectors: [envDetector] })),
    sampler: createSampler(sampler, ratio),
    spanProcessors: [new BatchSpanProcessor({ exporter, ...batch })],
  })

  return {
    tracer: createTracer(provider.getTracer(service, version)),
    report(given) {
      events = given
    },
    async [Symbol.asyncDispose]() {
      const { promise: late, resolve } = Promise.withResolvers<boolean>()
      const timer = setTimeout(resolve, FLUSH_TIMEOUT_MS, true)
      const isLate = await Promise.race([provider.shutdown().catch(() => {}), late])
      clearTimeout(timer)
      if (isLate) setTimeout(() => process.exit(), LEAVE_MS).unref()
    },
  }
}
