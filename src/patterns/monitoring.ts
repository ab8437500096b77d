/**
 * A dependency of the service. The service is not ready while an `isRequired` one is down. Statistics that cannot be
 * read are left out; each process reports the same `sharedStats`, and its own `stats`. Of the reason why a ping failed,
 * only the result of `causeOf` is reported.
 */
export type Check = Readonly<{
  ping: () => Promise<void>
  isRequired: boolean
  causeOf?: (error: Error) => string | null
  stats?: Readonly<Record<string, Statistic>>
  sharedStats?: Readonly<Record<string, Statistic>>
}>

type Statistic = () => number | Promise<number>

export type Checks = Readonly<Record<string, Check>>

/** A counter or gauge: one value, or one for each set of labels. */
export type Metric = Readonly<{
  name: string
  help: string
  type: 'counter' | 'gauge' | 'histogram'
  /** How values of several processes combine: their sum, unless each process reports the same thing. */
  across?: 'sum' | 'max'
  read: () => Reading | Promise<Reading>
}>

/** The samples of a metric at one moment. */
export type MetricReading = Readonly<Omit<Metric, 'read'> & { samples: readonly Sample[] }>

/** Whether its values only grow. Reading one asks no dependency. */
export const isCumulative = ({ type }: Pick<Metric, 'type'>): boolean => type !== 'gauge'

export type Reading = number | readonly Sample[]
export type Sample = Readonly<{
  labels: Readonly<Record<string, string>>
  value: number
  /** What follows the name: a histogram has several. */
  suffix?: string
}>

/** The checks and metrics of a part: each part provides its own. */
export type Monitoring = Readonly<{ checks: Checks; metrics: readonly Metric[] }>

/** The checks and metrics of all parts. */
export const combinedMonitoring = (...parts: readonly Monitoring[]): Monitoring => ({
  checks: Object.assign({}, ...parts.map(({ checks }) => checks)),
  metrics: parts.flatMap(({ metrics }) => metrics),
})

export const gauge = (name: string, help: string, read: Metric['read'], across: Metric['across'] = 'sum'): Metric => ({
  name,
  help,
  type: 'gauge',
  across,
  read,
})

export const counter = (name: string, help: string, read: Metric['read']): Metric => ({
  name,
  help,
  type: 'counter',
  read,
})
