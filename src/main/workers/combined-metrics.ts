import type { Metric, MetricReading, Sample } from '../../patterns/monitoring.ts'

type Across = NonNullable<Metric['across']>

/** Each metric once, combined from all readings: by its own rule, unless another one is given. */
export function combined(all: readonly (readonly MetricReading[])[], across?: Across): readonly MetricReading[] {
  const byName = Map.groupBy(all.flat(), ({ name }) => name)
  return [...byName.values()].map((readings) => {
    const first = readings[0] as MetricReading
    return { ...first, samples: combinedSamples(readings, across ?? first.across ?? 'sum') }
  })
}

function combinedSamples(readings: readonly MetricReading[], across: Across): readonly Sample[] {
  const byLabels = Map.groupBy(
    readings.flatMap(({ samples }) => samples),
    ({ labels, suffix }) => JSON.stringify([suffix, labels]),
  )
  return [...byLabels.values()].map((samples) => {
    const values = samples.map(({ value }) => value)
    return { ...(samples[0] as Sample), value: across === 'max' ? Math.max(...values) : sumOf(values) }
  })
}

export const sumOf = (values: readonly number[]): number => values.reduce((sum, next) => sum + next, 0)
