import type { Worker } from 'node:cluster'
import type { CheckResult, CheckResults, PartStats, Stats } from '../../controllers/health/check.ts'
import type { HealthSource } from '../../controllers/health/health-source.ts'
import { localHealth } from '../../controllers/health/health-source.ts'
import { gauge, isCumulative, type MetricReading, type Monitoring } from '../../patterns/monitoring.ts'
import { PRODUCT } from '../../patterns/product.ts'
import { combined, sumOf } from './combined-metrics.ts'
import { ask } from './messages.ts'
import type { MetricTotals } from './metric-totals.ts'

const NO_WORKER: CheckResult = { status: 'down', isRequired: true, latencyMs: 0, cause: 'no worker answers' }

/**
 * The health of all workers as one: a part has the worst status that any worker reports; statistics and metrics are summed.
 * The metrics of the supervisor itself are added.
 */
export function workersHealth(
  workers: () => readonly Worker[],
  totals: MetricTotals<Worker>,
  { checks, metrics }: Monitoring,
): HealthSource {
  /** The gauges of a worker. Its counters and histograms go into the totals. */
  async function gaugesOf(worker: Worker): Promise<readonly MetricReading[]> {
    const readings = ((await ask(worker, { name: 'metrics', args: [] })) ?? []) as readonly MetricReading[]
    totals.add(worker, readings)
    return readings.filter((reading) => !isCumulative(reading))
  }

  async function askAll<Reply>(request: Parameters<typeof ask>[1]): Promise<readonly Reply[]> {
    const replies = await Promise.all(workers().map((worker) => ask(worker, request)))
    return (replies as readonly (Reply | null)[]).filter((reply) => reply !== null)
  }

  const count = gauge(`${PRODUCT.metrics}workers`, 'Processes that answer requests.', () => workers().length)
  const own = localHealth(
    () => checks,
    () => [count, ...metrics],
  )

  return {
    async inspect(timeoutMs, isRequired) {
      const all = await askAll<CheckResults>({ name: 'inspect', args: [timeoutMs, isRequired] })
      return {
        ...(all.length === 0 ? { workers: NO_WORKER } : all.reduce(worst)),
        ...(await own.inspect(timeoutMs, isRequired)),
      }
    },
    stats: async () => combinedStats(await askAll<Stats>({ name: 'stats', args: [] })),
    metrics: async () => [
      ...(await own.metrics()),
      ...combined(await Promise.all(workers().map(gaugesOf))),
      ...totals.read(),
    ],
  }
}

const worst = (one: CheckResults, other: CheckResults): CheckResults =>
  Object.fromEntries(
    Object.keys({ ...one, ...other }).map((name) => [name, worse(one[name] ?? NO_WORKER, other[name] ?? NO_WORKER)]),
  )

const worse = (one: CheckResult, other: CheckResult): CheckResult => ({
  ...(one.status === 'down' ? one : other),
  latencyMs: Math.max(one.latencyMs, other.latencyMs),
})

/** Each statistic once: the sum of what each worker counts, the highest of what all report alike. */
export const combinedStats = (all: readonly Stats[]): Stats => ({
  own: combinedParts(
    all.map(({ own }) => own),
    sumOf,
  ),
  shared: combinedParts(
    all.map(({ shared }) => shared),
    (values) => Math.max(...values),
  ),
})

const combinedParts = (all: readonly PartStats[], combine: (values: readonly number[]) => number): PartStats =>
  merged(all, (parts) => merged(parts, combine))

function merged<Value>(
  records: readonly Readonly<Record<string, Value>>[],
  combine: (values: readonly Value[]) => Value,
): Readonly<Record<string, Value>> {
  const byName = Map.groupBy(
    records.flatMap((record) => Object.entries(record)),
    ([name]) => name,
  )
  return Object.fromEntries([...byName].map(([name, entries]) => [name, combine(entries.map(([, value]) => value))]))
}
