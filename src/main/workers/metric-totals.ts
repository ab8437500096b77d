import { isCumulative, type MetricReading } from '../../patterns/monitoring.ts'
import { combined } from './combined-metrics.ts'

type Readings = readonly MetricReading[]

export type MetricTotals<Worker extends object> = ReturnType<typeof createMetricTotals<Worker>>

/**
 * The counters and histograms of all workers since the supervisor started. A worker that ends, does not answer in time or
 * cannot read a counter still counts with its last known values, so that no total ever falls.
 */
export function createMetricTotals<Worker extends object>() {
  const latest = new Map<Worker, Readings>()
  let ended: Readings = []
  let reported: Readings = []

  return {
    begin: (worker: Worker): void => void latest.set(worker, []),

    /** Counts what a worker has read between its begin and its end. Its replies may overtake each other. */
    add(worker: Worker, readings: Readings): void {
      const known = latest.get(worker)
      if (known !== undefined) latest.set(worker, combined([known, readings.filter(isCumulative)], 'max'))
    },

    /** Keeps the values of a worker that reads no more, without keeping the worker. */
    end(worker: Worker): void {
      ended = combined([ended, latest.get(worker) ?? []])
      latest.delete(worker)
    },

    read(): Readings {
      const sums = combined([ended, ...latest.values()])
      // The order of a sum decides its last digit: a scraper would take the smaller one for a restart from zero.
      reported = combined([reported, sums], 'max')
      return reported
    },
  }
}
