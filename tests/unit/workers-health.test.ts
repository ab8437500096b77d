import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MetricReading } from '../../src/controllers/health/health-source.ts'
import { combined } from '../../src/main/workers/workers-health.ts'

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

  it('are the highest where each tells of the same thing', () => {
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
