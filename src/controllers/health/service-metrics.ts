import { gauge, type Metric, type MetricReading } from '../../patterns/monitoring.ts'
import { PRODUCT } from '../../patterns/product.ts'
import { singleFlight } from '../../patterns/single-flight.ts'
import { isHealthy } from './check.ts'
import { type HealthSource, readMetrics } from './health-source.ts'

type Needs = Readonly<{ version: string; isServing: () => boolean; source: HealthSource }>

/** Shorter than a metric may take: what says nothing is down, instead of unknown. */
const TIMEOUT_MS = 800

/** Reads all metrics of the service. Concurrent calls share one reading. */
export function metricsReader(needs: Needs): () => Promise<readonly MetricReading[]> {
  const own = serviceMetrics(needs)
  return singleFlight(async () => [...(await readMetrics(own)), ...(await needs.source.metrics())])
}

/** How the service is, as the other pages of its health say it. */
function serviceMetrics({ version, isServing, source }: Needs): readonly Metric[] {
  const results = singleFlight(() => source.inspect(TIMEOUT_MS, false))

  return [
    gauge(`${PRODUCT.metrics}build_info`, 'Always 1: its label says which version runs.', () => [
      { labels: { version }, value: 1 },
    ]),
    gauge(`${PRODUCT.metrics}ready`, 'Whether requests are taken: 1 or 0.', async () =>
      Number(isServing() && isHealthy(await results())),
    ),
    gauge(`${PRODUCT.metrics}up`, 'Whether what the service stands on answers: 1 or 0.', async () =>
      Object.entries(await results()).map(([dependency, { status }]) => ({
        labels: { dependency },
        value: Number(status === 'up'),
      })),
    ),
  ]
}
