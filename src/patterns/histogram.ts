import type { Metric, Sample } from './monitoring.ts'

/** Upper bounds in seconds: around the millisecond of a read, and up to what a client waits for. */
const BOUNDS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const LABELS = [...BOUNDS_S.map(String), '+Inf']

/** The maximum number of series: further ones are counted together, so that made-up values of labels cannot fill the memory. */
const MAX_SERIES = 400
const OTHER = 'other'

/** Durations of one kind, by labels. To observe one allocates nothing but the key of its series. */
export type Histogram = Readonly<{
  metric: Metric
  /** The values of the labels, in their order. */
  observe: (milliseconds: number, ...values: readonly string[]) => void
  /** The same for labels that are known beforehand, at a fraction of the cost. */
  observer: (...values: readonly string[]) => (milliseconds: number) => void
}>

type Series = Readonly<{ values: readonly string[]; counts: Float64Array }>

/** How often a duration was at most as long as each bound, in bins of their own; the last one is their sum. */
export function createHistogram(name: string, help: string, labelNames: readonly string[]): Histogram {
  const all = new Map<string, Series>()

  function seriesOf(values: readonly string[]): Series {
    const key = values.join('\n')
    const known = all.get(key)
    if (known !== undefined) return known
    const isFull = all.size >= MAX_SERIES && !values.every((value) => value === OTHER)
    if (isFull) return seriesOf(values.map(() => OTHER))
    const series = { values, counts: new Float64Array(LABELS.length + 1) }
    all.set(key, series)
    return series
  }

  return {
    metric: {
      name,
      help,
      type: 'histogram',
      read: () => [...all.values()].flatMap((one) => samplesOf(one, labelNames)),
    },

    observe: (milliseconds, ...values) => add(seriesOf(values), milliseconds),

    observer(...values) {
      let series: Series | null = null
      return (milliseconds) => {
        series ??= seriesOf(values)
        add(series, milliseconds)
      }
    },
  }
}

function add({ counts }: Series, milliseconds: number): void {
  const seconds = milliseconds / 1_000
  let bin = 0
  while (seconds > (BOUNDS_S[bin] ?? Number.POSITIVE_INFINITY)) bin++
  counts[bin] = (counts[bin] ?? 0) + 1
  counts[LABELS.length] = (counts[LABELS.length] ?? 0) + seconds
}

function samplesOf({ values, counts }: Series, names: readonly string[]): readonly Sample[] {
  const labels = Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']))
  let count = 0
  const buckets = LABELS.map((le, bin) => {
    count += counts[bin] ?? 0
    return { suffix: '_bucket', labels: { ...labels, le }, value: count }
  })
  return [
    ...buckets,
    { suffix: '_sum', labels, value: counts[LABELS.length] ?? 0 },
    { suffix: '_count', labels, value: count },
  ]
}
