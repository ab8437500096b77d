import { PROTOCOLS, SAMPLERS, type TracingOptions } from '../infrastructures/telemetry/tracing.ts'
import { integer, oneOf, ratio } from './config/parsers.ts'
import { MAX_STANDARD_MS, type ReadStandard } from './config/standard-variables.ts'

export type TracingSettings = Omit<TracingOptions, 'service' | 'version' | 'ratio'>

const MAX_SPANS = 1_000_000

/** How spans are made and sent, where they are. */
export function readTracing(readStandard: ReadStandard): TracingSettings {
  const protocol = readStandard('OTEL_EXPORTER_OTLP_PROTOCOL', oneOf(...PROTOCOLS), 'http/protobuf' as const)
  return {
    sampler: readStandard('OTEL_TRACES_SAMPLER', oneOf(...SAMPLERS), 'parentbased_always_on' as const),
    protocol: readStandard('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', oneOf(...PROTOCOLS), protocol),
    batch: {
      maxQueueSize: readStandard('OTEL_BSP_MAX_QUEUE_SIZE', integer(1, MAX_SPANS), 2_048),
      maxExportBatchSize: readStandard('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', integer(1, MAX_SPANS), 512),
      scheduledDelayMillis: readStandard('OTEL_BSP_SCHEDULE_DELAY', integer(0, MAX_STANDARD_MS), 5_000),
      exportTimeoutMillis: readStandard('OTEL_BSP_EXPORT_TIMEOUT', integer(1, MAX_STANDARD_MS), 30_000),
    },
  }
}

/** The share of traces that is kept, where the sampler is one by ratio. */
export const readTraceRatio = (readStandard: ReadStandard): number => readStandard('OTEL_TRACES_SAMPLER_ARG', ratio, 1)
