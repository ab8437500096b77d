import type { Checks, Metric, MetricReading } from '../../patterns/monitoring.ts'
import { type CheckResults, readStats, requiredOf, runChecks, type Stats, withTimeout } from './check.ts'

/** Where the pages of health get what they show: this process, or several. */
export type HealthSource = Readonly<{
  /** How the parts are: all of them, or those alone that take the service out. */
  inspect: (timeoutMs: number, isRequired: boolean) => Promise<CheckResults>
  stats: () => Promise<Stats>
  metrics: () => Promise<readonly MetricReading[]>
}>

const METRIC_TIMEOUT_MS = 1_000

/** The health of this process. */
export const localHealth = (checks: () => Checks, metrics: () => readonly Metric[]): HealthSource => ({
  inspect: (timeoutMs, isRequired) => runChecks(isRequired ? requiredOf(checks()) : checks(), timeoutMs),
  stats: () => readStats(checks()),
  metrics: () => readMetrics(metrics()),
})

/** All readings. A metric that fails, or takes its time, has no samples. */
export const readMetrics = (metrics: readonly Metric[]): Promise<readonly MetricReading[]> =>
  Promise.all(metrics.map(readMetric))

async function readMetric({ read, ...metric }: Metric): Promise<MetricReading> {
  const reading = await withTimeout(METRIC_TIMEOUT_MS, read).catch(() => [])
  return { ...metric, samples: typeof reading === 'number' ? [{ labels: {}, value: reading }] : reading }
}
