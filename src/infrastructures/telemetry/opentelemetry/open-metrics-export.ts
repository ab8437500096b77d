import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics'
import { startPeriodicTask } from '../../../patterns/periodic-task.ts'
import type { MetricsExport, MetricsExportOptions } from '../metrics-export.ts'
import { flush } from './flush.ts'
import { metricDataOf } from './metric-data.ts'
import { createResource } from './resource.ts'

/** The middle of the random range of pauses: on average, pauses are as long as the setting says. */
const NO_JITTER = () => 0.5

/** One export at a time, beside all requests: while the collector takes none, the metrics wait where they are counted. */
export function openMetricsExport({ service: name, version, ...options }: MetricsExportOptions): MetricsExport {
  const { intervalMs: everyMs, timeoutMs, sleep } = options
  const exporter = new OTLPMetricExporter()
  const resource = createResource(name, version)
  let end = async (): Promise<void> => {}

  return {
    start(read, { onFailure, onSuccess }) {
      async function send(): Promise<void> {
        const metrics = metricDataOf(await read(), Date.now())
        await exportWithin(timeoutMs, exporter, { resource, scopeMetrics: [{ scope: { name, version }, metrics }] })
        onSuccess()
      }

      const sending = startPeriodicTask(send, {
        ...{ everyMs, sleep, random: NO_JITTER },
        onFailure: (error) => onFailure(error as Error),
      })
      end = () => sending.stop().then(send).catch(onFailure)
    },

    [Symbol.asyncDispose]: () => flush(end().then(() => exporter.shutdown())),
  }
}

async function exportWithin(timeoutMs: number, exporter: OTLPMetricExporter, metrics: ResourceMetrics): Promise<void> {
  const { promise: exported, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
  exporter.export(metrics, ({ error }) => (error === undefined ? resolve() : reject(error)))
  await exported.finally(() => clearTimeout(timer))
}
