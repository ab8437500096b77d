import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createMetricTotals } from '../../src/main/workers/metric-totals.ts'
import type { MetricReading } from '../../src/patterns/monitoring.ts'

const counted = (value: number, type: MetricReading['type'] = 'counter'): readonly MetricReading[] => [
  { name: 'requests', help: 'Of a test.', type, samples: [{ labels: {}, value }] },
]

const valuesOf = (readings: readonly MetricReading[]) =>
  readings.flatMap(({ samples }) => samples.map(({ value }) => value))

/** Three workers that have counted so much. */
function workersThatCounted(...values: readonly [number, number, number]) {
  const totals = createMetricTotals<object>()
  const workers = values.map((value) => {
    const worker = {}
    totals.begin(worker)
    totals.add(worker, counted(value))
    return worker
  })
  return { totals, workers: workers as [object, object, object] }
}

describe('the counters of all workers', () => {
  it('are the sum of what those count that run, and of what those had counted that have ended', () => {
    const { totals, workers } = workersThatCounted(1, 2, 4)
    totals.end(workers[0])
    totals.add(workers[1], counted(10))
    totals.end(workers[1])

    assert.deepEqual(valuesOf(totals.read()), [15])
  })

  it('do not count a worker again whose message arrives after its end', () => {
    const { totals, workers } = workersThatCounted(1, 2, 4)
    totals.end(workers[0])
    totals.add(workers[0], counted(1))
    totals.end(workers[0])

    assert.deepEqual(valuesOf(totals.read()), [7])
  })

  it('keep what a worker has said where it says nothing, or less in a reply that was overtaken', () => {
    const { totals, workers } = workersThatCounted(1, 2, 4)
    totals.add(workers[0], [])
    totals.add(workers[1], counted(1))

    assert.deepEqual(valuesOf(totals.read()), [7])
  })

  it('do not fall by the last digit, though the order of their sum changes', () => {
    const { totals, workers } = workersThatCounted(0.1, 0.2, 0.3)
    const before = valuesOf(totals.read())
    totals.end(workers[1])
    totals.end(workers[2])

    assert.notEqual(0.2 + 0.3 + 0.1, before[0])
    assert.deepEqual(valuesOf(totals.read()), before)
  })

  it('have no gauges', () => {
    const { totals, workers } = workersThatCounted(1, 2, 4)
    totals.add(
      workers[0],
      counted(100, 'gauge').map((reading) => ({ ...reading, name: 'running' })),
    )

    assert.deepEqual(valuesOf(totals.read()), [7])
  })
})
