import { type Attribute, exportedIn, recordOf } from './collector.ts'
import { collector } from './engines.ts'

/** A metric, as the collector got it in one export. */
export type CollectedMetric = Readonly<{
  name: string
  description: string
  unit: string
  type: 'gauge' | 'sum' | 'histogram'
  isMonotonic: boolean
  isCumulative: boolean
  points: readonly CollectedPoint[]
}>
export type CollectedPoint = Readonly<{
  labels: Readonly<Record<string, unknown>>
  /** The value; of a histogram, how often it was observed. */
  value: number
  sum: number
  bounds: readonly number[]
  counts: readonly number[]
  startedAt: number
}>
export type CollectedExport = Readonly<{
  resource: Readonly<Record<string, unknown>>
  metrics: ReadonlyMap<string, CollectedMetric>
}>

const CUMULATIVE = 2

/** All exports of the service that calls itself so, the oldest first. */
export async function exportsOf(service: string): Promise<readonly CollectedExport[]> {
  const all = (await exportedIn<Request>(collector?.metrics)).flatMap(({ resourceMetrics }) => resourceMetrics)
  return all
    .map(({ resource, scopeMetrics }) => ({
      resource: recordOf(resource.attributes),
      metrics: new Map(scopeMetrics.flatMap(({ metrics }) => metrics.map((one) => [one.name, metricOf(one)] as const))),
    }))
    .filter(({ resource }) => resource['service.name'] === service)
}

function metricOf({ name, description = '', unit = '', gauge, sum, histogram }: RawMetric): CollectedMetric {
  const { dataPoints, aggregationTemporality, isMonotonic = false } = gauge ?? sum ?? histogram ?? { dataPoints: [] }
  const isCumulative = aggregationTemporality === CUMULATIVE
  const type = gauge ? 'gauge' : sum ? 'sum' : 'histogram'
  return { name, description, unit, type, isMonotonic, isCumulative, points: dataPoints.map(pointOf) }
}

const pointOf = (point: RawPoint): CollectedPoint => ({
  labels: recordOf(point.attributes),
  value: point.asDouble ?? Number(point.count ?? Number.NaN),
  sum: point.sum ?? 0,
  bounds: point.explicitBounds ?? [],
  counts: (point.bucketCounts ?? []).map(Number),
  startedAt: Number(point.startTimeUnixNano) / 1e6,
})

type RawPoint = Readonly<{
  attributes?: readonly Attribute[]
  asDouble?: number
  count?: string
  sum?: number
  bucketCounts?: readonly string[]
  explicitBounds?: readonly number[]
  startTimeUnixNano: string
}>
type RawPoints = Readonly<{ dataPoints: readonly RawPoint[]; aggregationTemporality?: number; isMonotonic?: boolean }>
type RawMetric = Readonly<{
  name: string
  description?: string
  unit?: string
  gauge?: RawPoints
  sum?: RawPoints
  histogram?: RawPoints
}>
type Request = Readonly<{
  resourceMetrics: readonly Readonly<{
    resource: Readonly<{ attributes?: readonly Attribute[] }>
    scopeMetrics: readonly Readonly<{ metrics: readonly RawMetric[] }>[]
  }>[]
}>
