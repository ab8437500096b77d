import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { combined } from '../../src/main/workers/combined-metrics.ts'
import { combinedStats } from '../../src/main/workers/workers-health.ts'
import type { MetricReading } from '../../src/patterns/monitoring.ts'

const reading = (name: string, value: number, more: Partial<MetricReading> = {}): MetricReading => ({
  name,
  help: 'Of a test.',
  type: 'counter',
  samples: [{ labels: {}, value }],
  ...more,
})

const valuesOf = (readings: readonly MetricReading[]) =>
  readings.map(({ name, samples }) => [name, samples.map(({ labels, value }) => [Object.values(labels).join(), value])])

describe('the metrics of several workers', () => {
  it('are summed', () => {
    assert.deepEqual(valuesOf(combined([[reading('requests', 1)], [reading('requests', 2)]])), [
      ['requests', [['', 3]]],
    ])
  })

  it('are the maximum where each worker reports the same thing', () => {
    const pending = (value: number) => reading('pending', value, { type: 'gauge', across: 'max' })
    assert.deepEqual(valuesOf(combined([[pending(5)], [pending(7)]])), [['pending', [['', 7]]]])
  })

  it('are combined by their labels, also where only one worker has them', () => {
    const handled = (...samples: readonly [string, number][]) =>
      reading('handled', 0, { samples: samples.map(([consumer, value]) => ({ labels: { consumer }, value })) })
    assert.deepEqual(valuesOf(combined([[handled(['a', 1])], [handled(['a', 2], ['b', 3])]])), [
      [
        'handled',
        [
          ['a', 3],
          ['b', 3],
        ],
      ],
    ])
  })
})

describe('the statistics of several workers', () => {
  it('are the sum of what each counts, and what all report alike is not', () => {
    const stats = (published: number, pending: number) => ({
      own: { queue: { published } },
      shared: { outbox: { pending } },
    })

    assert.deepEqual(combinedStats([stats(1, 5), stats(2, 7)]), stats(3, 7))
  })

  it('are those of the others where a worker cannot read one', () => {
    const own = { cache: { hits: 1 }, queue: {} }
    const other = { cache: { hits: 2 }, queue: { published: 3 } }

    assert.deepEqual(
      combinedStats([
        { own, shared: {} },
        { own: other, shared: {} },
      ]).own,
      {
        cache: { hits: 3 },
        queue: { published: 3 },
      },
    )
    assert.deepEqual(combinedStats([]), { own: {}, shared: {} })
  })
})
