import type { Contender } from './contenders.ts'
import type { Sample } from './run.ts'
import { median } from './statistics.ts'

/** One table: medians of all rounds, and each contender's throughput as a share of the first one's. */
export function printTable(
  scenarios: readonly string[],
  contenders: readonly Contender[],
  samples: ReadonlyMap<string, readonly Sample[]>,
): void {
  const rows = scenarios.flatMap((scenario) =>
    contenders.map(({ name }) => {
      const own = samples.get(`${scenario} ${name}`) ?? []
      const first = samples.get(`${scenario} ${contenders[0]?.name}`) ?? []
      const perSecond = own.map((sample, round) => sample.perSecond / (first[round]?.perSecond ?? Number.NaN))
      return {
        scenario,
        contender: name,
        'requests/s': Math.round(median(own.map((sample) => sample.perSecond))),
        ratio: median(perSecond).toFixed(2),
        spread: `${Math.min(...perSecond).toFixed(2)}–${Math.max(...perSecond).toFixed(2)}`,
        'p50 ms': median(own.map(({ p50 }) => p50)),
        'p99 ms': median(own.map(({ p99 }) => p99)),
        'CPU µs/request': Math.round(median(own.map(({ cpuMicroseconds }) => cpuMicroseconds))),
        'peak MB': Math.round(median(own.map(({ megabytes }) => megabytes))),
      }
    }),
  )
  console.table(rows)
}
