import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isHealthy, readStats, runChecks } from '../../src/controllers/health/check.ts'
import { readMetrics } from '../../src/controllers/health/health-source.ts'
import { metricsText } from '../../src/controllers/health/metrics.ts'
import { DependencyUnavailable } from '../../src/domains/errors/dependency-errors.ts'
import { UnusableIssuer } from '../../src/infrastructures/authentication/oidc/unusable-issuer.ts'
import { monitoringOf } from '../../src/main/monitoring.ts'
import { PRODUCT } from '../../src/patterns/product.ts'
import { parseMetrics } from '../kit/metrics.ts'

const EVENTS = { published: 5, redelivered: 2, handled: 3, duplicate: 1, ignored: 4, mismatched: 6 }
const FIGURES = { hits: 7, loads: 8, failures: 9 }
const LOAD = { refused: 12, running: 13, waiting: 14 }

/** Parts of a service, of which some may be down; `asked` counts what costs a question. */
function setUp({ down = [] }: Readonly<{ down?: readonly string[] }> = {}) {
  const asked = { backlog: 0, deadLetters: 0 }
  const answer = async <Value>(part: string, value: Value): Promise<Value> => {
    if (down.includes(part)) throw new DependencyUnavailable(part)
    return value
  }
  const backlog = () => {
    asked.backlog++
    return answer('database', { pending: 2, oldestAgeMs: 1_500 })
  }
  const deadLetters = () => {
    asked.deadLetters++
    return answer('queue', { letters: 1, mail: 10 })
  }
  const signs = monitoringOf({
    driver: { ping: () => answer('database', undefined), outbox: { backlog } },
    cache: { ping: () => answer('cache', undefined), stats: FIGURES },
    queue: { ping: () => answer('queue', undefined), deadLetters },
    identity: { ping: () => answer('identity', undefined) },
    permissions: { ping: () => answer('authorization', undefined) },
    events: () => EVENTS,
    load: () => LOAD,
    durations: { metrics: [] },
  })
  return { asked, ...signs, metricsNow: async () => parseMetrics(metricsText(await readMetrics(signs.metrics))) }
}

describe('the stats of the service', () => {
  it('are numbers of each part', async () => {
    const { checks } = setUp()

    const none = { database: {}, identity: {}, authorization: {} }
    assert.deepEqual(await readStats(checks), {
      own: { ...none, cache: FIGURES, queue: { published: 5, redelivered: 2 }, outbox: {} },
      shared: { ...none, cache: {}, queue: { deadLetters: 11 }, outbox: { pending: 2, oldestAgeSeconds: 1.5 } },
    })
  })

  it('are metrics that Prometheus can read', async () => {
    const { metricsNow } = setUp()
    const metrics = [...(await metricsNow())].map(([name, { samples }]) => [
      name.replace(PRODUCT.metrics, ''),
      samples.map(({ value }) => value),
    ])

    assert.deepEqual(Object.fromEntries(metrics), {
      outbox_pending: [2],
      outbox_oldest_age_seconds: [1.5],
      events_published_total: [5],
      events_redelivered_total: [2],
      events_handled_total: [3],
      events_repeated_total: [1],
      events_ignored_total: [4],
      events_altered_total: [6],
      dead_letters: [1, 10],
      requests_refused_total: [12],
      requests_running: [13],
      requests_waiting: [14],
      cache_hits_total: [7],
      cache_loads_total: [8],
      cache_failures_total: [9],
    })
  })

  it('name the consumers whose messages were set aside', async () => {
    const { metricsNow } = setUp()
    const family = (await metricsNow()).get(`${PRODUCT.metrics}dead_letters`)

    assert.deepEqual(
      family?.samples.map(({ labels }) => labels),
      [{ consumer: 'letters' }, { consumer: 'mail' }],
    )
  })

  it('require the database alone', async () => {
    for (const [part, isUp] of [
      ['database', false],
      ['cache', true],
      ['queue', true],
    ] as const) {
      const findings = await runChecks(setUp({ down: [part] }).checks, 100)

      assert.equal(isHealthy(findings), isUp, part)
      assert.equal(findings[part]?.status, 'down')
    }
  })

  it('require no identity provider: a balancer cannot mend it', async () => {
    const findings = await runChecks(setUp({ down: ['identity'] }).checks, 100)

    assert.deepEqual([isHealthy(findings), findings['identity']?.status], [true, 'down'])
  })

  it('show why an issuer cannot be used, and no other cause', async () => {
    const { identity } = setUp().checks
    const causeOf = (cause: Error) => identity?.causeOf?.(new DependencyUnavailable('identity', { cause }))

    assert.equal(causeOf(new UnusableIssuer('The issuer answered 500.')), 'The issuer answered 500.')
    assert.equal(causeOf(new Error('connect ECONNREFUSED 10.0.0.7:443')), null)
  })

  it('leave out what a queue that is down cannot say', async () => {
    const { checks, metricsNow } = setUp({ down: ['queue'] })

    const { own, shared } = await readStats(checks)
    assert.deepEqual([own['queue'], shared['queue']], [{ published: 5, redelivered: 2 }, {}])
    const reported = await metricsNow()
    assert.ok(
      !reported.has(`${PRODUCT.metrics}dead_letters`) && reported.has(`${PRODUCT.metrics}events_published_total`),
    )
  })

  it('show the outbox as down when it cannot be read', async () => {
    const { checks, metricsNow } = setUp({ down: ['database'] })

    assert.equal((await runChecks(checks, 100))['outbox']?.status, 'down')
    assert.deepEqual((await readStats(checks)).shared['outbox'], {})
    assert.ok(!(await metricsNow()).has(`${PRODUCT.metrics}outbox_pending`))
  })

  it('are asked for once, however many want to know them at the same time', async () => {
    const { asked, checks, metricsNow } = setUp()

    await Promise.all([metricsNow(), metricsNow(), readStats(checks), runChecks(checks, 100)])

    assert.deepEqual(asked, { backlog: 1, deadLetters: 1 })
    await metricsNow()
    assert.deepEqual(asked, { backlog: 2, deadLetters: 2 })
  })
})
