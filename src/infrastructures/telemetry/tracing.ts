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

/** Called for each batch: with the reason why the collector did not accept it, or when it did. */
export type ExportEvents = Readonly<{ onFailure: (error: Error) => void; onSuccess: () => void }>

export type TracingOptions = Readonly<{
  service: string
  version: string
  sampler: SamplerName
  /** For samplers by ratio: the share of new traces that is sampled. */
  ratio: Live<number>
  protocol: Protocol
  batch: Readonly<{
    maxQueueSize: number
    maxExportBatchSize: number
    scheduledDelayMillis: number
    exportTimeoutMillis: number
  }>
}>

/** Exports traces to a collector. Disposing it exports the waiting spans, and gives up after a short time. */
export interface Tracing extends AsyncDisposable {
  readonly tracer: Tracer
  /** Reports from now on whether the collector accepts batches. */
  report(events: ExportEvents): void
}

/** Loads OpenTelemetry only here, so that services without a collector do not pay for it. */
export async function openTracing(options: TracingOptions): Promise<Tracing> {
  const opentelemetry = await import('./opentelemetry/open-tracing.ts')
  return opentelemetry.openTracing(options)
}
