import { PRODUCT } from '../../patterns/product.ts'
import { share } from '../../patterns/share.ts'
import { gauge, type Metric } from '../../patterns/vital-signs.ts'
import { isFit } from './check.ts'
import type { HealthSource } from './health-source.ts'

type Needs = Readonly<{ version: string; isServing: () => boolean; source: HealthSource }>

/** Shorter than a metric may take: what says nothing is down, instead of unknown. */
const PATIENCE_MS = 800

/** How the service is, as the other pages of its health say it. */
export function serviceMetrics({ version, isServing, source }: Needs): readonly Metric[] {
  const findings = share(() => source.inspect(PATIENCE_MS, false))

  return [
    gauge(`${PRODUCT.metrics}build_info`, 'Always 1: its label says which version runs.', () => [
      { labels: { version }, value: 1 },
    ]),
    gauge(`${PRODUCT.metrics}ready`, 'Whether requests are taken: 1 or 0.', async () =>
      Number(isServing() && isFit(await findings())),
    ),
    gauge(`${PRODUCT.metrics}up`, 'Whether what the service stands on answers: 1 or 0.', async () =>
      Object.entries(await findings()).map(([dependency, { status }]) => ({
        labels: { dependency },
        value: Number(status === 'up'),
      })),
    ),
  ]
}
