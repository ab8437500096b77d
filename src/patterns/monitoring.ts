/**
 * A part that the service stands on. `isRequired` parts take it out of service while they are down. A figure that
 * cannot be read is left out. Of why a ping failed nothing is told but what `causeOf` picks.
 */
export type Check = Readonly<{
  ping: () => Promise<void>
  isRequired: boolean
  causeOf?: (error: Error) => string | null
  stats?: Readonly<Record<string, () => number | Promise<number>>>
}>

export type Checks = Readonly<Record<string, Check>>

/** Something that is counted or measured: one value, or one for each set of labels. */
export type Metric = Readonly<{
  name: string
  help: string
  type: 'counter' | 'gauge' | 'histogram'
  /** What several processes make of it: the sum, unless each of them tells of the same thing. */
  across?: 'sum' | 'max'
  read: () => Reading | Promise<Reading>
}>

export type Reading = number | readonly Sample[]
export type Sample = Readonly<{
  labels: Readonly<Record<string, string>>
  value: number
  /** What follows the name: a histogram has several. */
  suffix?: string
}>

/** What a part tells of its health: each says it of itself. */
export type Monitoring = Readonly<{ checks: Checks; metrics: readonly Metric[] }>

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
