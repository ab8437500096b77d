import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readMetrics } from '../../src/controllers/health/health-source.ts'
import { metricsText } from '../../src/controllers/health/metrics.ts'
import { combined } from '../../src/main/workers/combined-metrics.ts'
import { createHistogram } from '../../src/patterns/histogram.ts'
import type { Sample } from '../../src/patterns/monitoring.ts'
import { parseMetrics } from '../kit/metrics.ts'

const histogram = (...labels: string[]) => createHistogram('of_a_test_seconds', 'Of a test.', labels)

/** Its samples as `suffix labels value`, those of empty buckets left out. */
async function samplesOf({ metric }: ReturnType<typeof histogram>) {
  const family = parseMetrics(metricsText(await readMetrics([metric]))).get('of_a_test_seconds')
  return (family?.samples ?? []).map(({ suffix, labels, value }) => `${suffix} ${Object.values(labels)} ${value}`)
}

describe('a histogram', () => {
  it('counts into each bucket what took at most as long as its bound says', async () => {
    const durations = histogram()
    for (const milliseconds of [0, 1, 1.1, 250, 10_000, 60_000]) durations.observe(milliseconds)

    assert.deepEqual(await samplesOf(durations), [
      ...['_bucket 0.001 2', '_bucket 0.0025 3', '_bucket 0.005 3', '_bucket 0.01 3', '_bucket 0.025 3'],
      ...['_bucket 0.05 3', '_bucket 0.1 3', '_bucket 0.25 4', '_bucket 0.5 4', '_bucket 1 4', '_bucket 2.5 4'],
      ...['_bucket 5 4', '_bucket 10 5', '_bucket +Inf 6', '_sum  70.2521', '_count  6'],
    ])
  })

  it('keeps apart what has other labels, up to a bound', async () => {
    const durations = histogram('route', 'outcome')
    for (let number = 0; number < 500; number++) durations.observe(1, `/${number}`, '2xx')
    durations.observe(1, '/0', '2xx')

    const samples = (await durations.metric.read()) as readonly Sample[]
    const counts = samples
      .filter(({ suffix }) => suffix === '_count')
      .map(({ labels, value }) => `${Object.values(labels)} ${value}`)
    assert.equal(counts.length, 401)
    assert.equal(counts[0], '/0,2xx 2')
    assert.equal(counts.at(-1), 'other,other 100')
  })

  it('is summed over workers, bucket by bucket', async () => {
    const [one, other] = [histogram('route'), histogram('route')]
    for (const each of [one, other, other]) each.observe(3, '/v1')
    other.observe(3, '/v2')
    const all = combined(await Promise.all([one, other].map(({ metric }) => readMetrics([metric]))))

    const { samples = [] } = parseMetrics(metricsText(all)).get('of_a_test_seconds') ?? {}
    const of = (suffix: string, labels: object) =>
      samples.find((sample) => sample.suffix === suffix && JSON.stringify(sample.labels) === JSON.stringify(labels))
        ?.value
    assert.equal(of('_bucket', { route: '/v1', le: '0.0025' }), 0)
    assert.equal(of('_bucket', { route: '/v1', le: '0.005' }), 3)
    assert.equal(of('_count', { route: '/v1' }), 3)
    assert.equal(of('_count', { route: '/v2' }), 1)
  })
})
