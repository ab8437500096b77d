import type { Live } from '../../patterns/live.ts'
import type { Tracer } from '../../patterns/tracing.ts'

/** The names that the specification of OpenTelemetry gives them. */
export const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const
export type SamplerName = (typeof SAMPLERS)[number]

export const PROTOCOLS = ['http/protobuf', 'http/json'] as const
export type Protocol = (typeof PROTOCOLS)[number]

/** Told of each batch: why the collector did not take it, or that it did. */
export type ExportEvents = Readonly<{ onFailure: (error: Error) => void; onSuccess: () => void }>

export type TracingOptions = Readonly<{
  service: string
  version: string
  sampler: SamplerName
  /** Of the samplers by ratio: the share of traces that is kept, of those that begin from now on. */
  ratio: Live<number>
  protocol: Protocol
  batch: Readonly<{
    maxQueueSize: number
    maxExportBatchSize: number
    scheduledDelayMillis: number
    exportTimeoutMillis: number
  }>
}>

/** Traces that leave for a collector, until it is disposed of: then it sends what waits, if that is taken soon. */
export interface Tracing extends AsyncDisposable {
  readonly tracer: Tracer
  /** From now on tells whether the collector takes what it is sent. */
  report(events: ExportEvents): void
}

/** Loads OpenTelemetry, which nobody pays for who does not use it. */
export async function openTracing(options: TracingOptions): Promise<Tracing> {
  const opentelemetry = await import('./opentelemetry/open-tracing.ts')
  return opentelemetry.openTracing(options)
}
