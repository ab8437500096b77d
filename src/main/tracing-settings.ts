import { PROTOCOLS, SAMPLERS, type TracingOptions } from '../infrastructures/telemetry/tracing.ts'
import type { ReadSetting, Variables } from './config/env.ts'
import { integer, oneOf, type Parser, ratio, url } from './config/parsers.ts'

export type TracingSettings = Omit<TracingOptions, 'service' | 'version' | 'ratio'>

const MAX_MS = 600_000
const MAX_SPANS = 1_000_000

/**
 * The standard variables of OpenTelemetry; null without an endpoint, or where they turn traces off. One that is empty counts
 * as unset, as its specification says. What is sent to the collector besides, and how, is read by its exporter.
 */
export function readTracing(read: ReadSetting, variables: Variables): TracingSettings | null {
  const readStandard = standardReader(read, variables)
  const endpoint = readStandard('OTEL_EXPORTER_OTLP_ENDPOINT', url('http:', 'https:'), null)
  const tracesEndpoint = readStandard('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', url('http:', 'https:'), null)
  const protocol = readStandard('OTEL_EXPORTER_OTLP_PROTOCOL', oneOf(...PROTOCOLS), 'http/protobuf' as const)
  const isDisabled = readStandard('OTEL_SDK_DISABLED', (text) => text.toLowerCase() === 'true', false)
  const exporter = readStandard('OTEL_TRACES_EXPORTER', oneOf('otlp', 'none'), 'otlp' as const)
  const settings = {
    sampler: readStandard('OTEL_TRACES_SAMPLER', oneOf(...SAMPLERS), 'parentbased_always_on' as const),
    protocol: readStandard('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', oneOf(...PROTOCOLS), protocol),
    batch: {
      maxQueueSize: readStandard('OTEL_BSP_MAX_QUEUE_SIZE', integer(1, MAX_SPANS), 2_048),
      maxExportBatchSize: readStandard('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', integer(1, MAX_SPANS), 512),
      scheduledDelayMillis: readStandard('OTEL_BSP_SCHEDULE_DELAY', integer(0, MAX_MS), 5_000),
      exportTimeoutMillis: readStandard('OTEL_BSP_EXPORT_TIMEOUT', integer(1, MAX_MS), 30_000),
    },
  }
  const isOn = (endpoint ?? tracesEndpoint) !== null && !isDisabled && exporter === 'otlp'
  return isOn ? settings : null
}

/** The share of traces that is kept, where the sampler is one by ratio. */
export const readTraceRatio = (read: ReadSetting, variables: Variables): number =>
  standardReader(read, variables)('OTEL_TRACES_SAMPLER_ARG', ratio, 1)

const standardReader =
  (read: ReadSetting, variables: Variables) =>
  <Value, Unset>(name: string, parse: Parser<Value>, unset: Unset): Value | Unset =>
    variables[name]?.trim() === '' ? unset : read(name, parse, unset)
