import { type Attributes, type HrTime, ValueType } from '@opentelemetry/api'
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics'
import type { MetricReading, Sample } from '../../../patterns/monitoring.ts'

/** The start time of the counters, and the time of the reading. */
type Period = Readonly<{ startTime: HrTime; endTime: HrTime }>

const BUCKET = '_bucket'
const UNITS = [
  [/_seconds(?:_total)?$/, 's'],
  [/_bytes(?:_total)?$/, 'By'],
] as const

/** A reading of the metrics in the data model of OpenTelemetry: the same names, cumulative since the start of the process. */
export function metricDataOf(readings: readonly MetricReading[], nowMs: number): MetricData[] {
  const period = { startTime: hrTimeOf(performance.timeOrigin), endTime: hrTimeOf(nowMs) }
  return readings.map((reading) => toMetricData(reading, period)).filter(({ dataPoints }) => dataPoints.length > 0)
}

function toMetricData({ name, help, type, samples }: MetricReading, period: Period): MetricData {
  const base = {
    descriptor: { name, description: help, unit: unitOf(name), valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  }
  const known = samples.filter(({ value }) => Number.isFinite(value))
  if (type === 'histogram')
    return { ...base, dataPointType: DataPointType.HISTOGRAM, dataPoints: histogramPoints(known, period) }
  const dataPoints = known.map(({ labels, value }) => ({ ...period, attributes: labels, value }))
  if (type === 'gauge') return { ...base, dataPointType: DataPointType.GAUGE, dataPoints }
  return { ...base, dataPointType: DataPointType.SUM, dataPoints, isMonotonic: true }
}

/** One point for each set of labels, of which Prometheus has a sample for each bucket, one for the sum and one for the count. */
function histogramPoints(samples: readonly Sample[], period: Period): DataPoint<Histogram>[] {
  const series = Map.groupBy(samples, ({ labels }) => JSON.stringify(withoutBound(labels)))
  return [...series.values()].map((all) => ({
    ...period,
    attributes: withoutBound(all[0]?.labels ?? {}),
    value: histogramOf(all),
  }))
}

function histogramOf(samples: readonly Sample[]): Histogram {
  const buckets = samples.filter(({ suffix }) => suffix === BUCKET)
  const sampleOf = (name: string) => samples.find(({ suffix }) => suffix === name)?.value ?? 0
  return {
    buckets: {
      boundaries: buckets.map(({ labels }) => Number(labels['le'])).filter(Number.isFinite),
      counts: buckets.map(({ value }, index) => value - (buckets[index - 1]?.value ?? 0)),
    },
    sum: sampleOf('_sum'),
    count: sampleOf('_count'),
  }
}

const withoutBound = ({ le: _, ...labels }: Sample['labels']): Attributes => labels

const unitOf = (name: string): string => UNITS.find(([ending]) => ending.test(name))?.[1] ?? ''

const hrTimeOf = (milliseconds: number): HrTime => [
  Math.trunc(milliseconds / 1e3),
  Math.round((milliseconds % 1e3) * 1e6),
]
