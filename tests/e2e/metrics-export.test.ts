import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PRODUCT } from '../../src/patterns/product.ts'
import { clientOf } from '../kit/client.ts'
import { type CollectedExport, exportsOf } from '../kit/collected-metrics.ts'
import { newTrace, tracedTo } from '../kit/collector.ts'
import { until } from '../kit/command.ts'
import { collector, natsUrl, skipWithout } from '../kit/engines.ts'
import { startFaultProxy } from '../kit/fault-proxy.ts'
import { type Family, parseMetrics } from '../kit/metrics.ts'
import type { Service } from '../kit/service.ts'
import { workersOf } from '../kit/workers.ts'
import { ENGINES, openWorld } from './world.ts'

const [SQLITE] = ENGINES
const REQUESTS = `${PRODUCT.metrics}http_request_duration_seconds`
const TIMEOUT_MS = 60_000
const TYPES: Readonly<Record<string, string>> = { counter: 'sum', gauge: 'gauge', histogram: 'histogram' }

/** Settings of a service that nobody else is called like, and that sends its metrics at once. */
function exportingTo(url = collector?.url) {
  const name = `metrics-${newTrace().traceId}`
  return { name, env: { ...tracedTo(url), OTEL_SERVICE_NAME: name, OTEL_METRIC_EXPORT_INTERVAL: '100' } }
}

const metricsOf = async ({ healthUrl }: Service): Promise<ReadonlyMap<string, Family>> =>
  parseMetrics(await (await fetch(`${healthUrl}/metrics`)).text())

/** How many requests an export tells of. */
const requestsIn = (one: CollectedExport | undefined): number =>
  (one?.metrics.get(REQUESTS)?.points ?? []).reduce((sum, { value }) => sum + value, 0)

/** The last export, once it tells of so many requests. */
async function exportOf(name: string, requests: number): Promise<CollectedExport> {
  let last: CollectedExport | undefined
  await until(
    `an export of ${requests} requests`,
    async () => {
      last = (await exportsOf(name)).at(-1)
      return requestsIn(last) >= requests
    },
    TIMEOUT_MS,
  )
  return last as CollectedExport
}

describe('the metrics that a collector gets', { skip: SQLITE.skip || skipWithout('otel') }, () => {
  it('are those of /metrics: their names, types, labels and values', async () => {
    await using world = await openWorld(SQLITE)
    const { name, env } = exportingTo()
    await using service = await world.start(env)
    const call = clientOf(service)
    await call(world.alice, 'POST', '/v1/posts', { body: { text: 'Hello.' } })
    for (let count = 0; count < 3; count++) await call(world.bob, 'GET', '/v1/users/me')

    const { metrics, resource } = await exportOf(name, 4)
    const shown = await metricsOf(service)

    assert.deepEqual([...metrics.keys()].sort(), [...shown.keys()].sort())
    for (const { type, isMonotonic, isCumulative, ...metric } of metrics.values()) {
      const { help, type: shownType = '' } = shown.get(metric.name) ?? {}
      assert.deepEqual([type, metric.description], [TYPES[shownType], help], metric.name)
      assert.deepEqual([isMonotonic, isCumulative], [type === 'sum', type !== 'gauge'], metric.name)
      assert.equal(
        metric.unit,
        /_seconds(?:_total)?$/.test(metric.name) ? 's' : metric.name.endsWith('_bytes') ? 'By' : '',
      )
    }
    assert.equal(resource['service.version'], shown.get(`${PRODUCT.metrics}build_info`)?.samples[0]?.labels['version'])
    assert.equal(await service.stop(), 0)
  })

  it('have each histogram as /metrics has it, bucket by bucket', async () => {
    await using world = await openWorld(SQLITE)
    const { name, env } = exportingTo()
    await using service = await world.start(env)
    for (let count = 0; count < 5; count++) await clientOf(service)(world.alice, 'GET', '/v1/users/me')

    const { metrics } = await exportOf(name, 5)
    const samples = (await metricsOf(service)).get(REQUESTS)?.samples ?? []
    const valuesOf = (suffix: string) => samples.filter((one) => one.suffix === suffix).map(({ value }) => value)
    const [point] = metrics.get(REQUESTS)?.points ?? []

    assert.deepEqual(point?.labels, { method: 'GET', route: '/v1/users/me', outcome: '2xx' })
    assert.deepEqual([[point.value], [point.sum]], [valuesOf('_count'), valuesOf('_sum')])
    let sum = 0
    assert.deepEqual(
      point.counts.map((count) => (sum += count)),
      valuesOf('_bucket'),
    )
    const bounds = samples.filter(({ suffix }) => suffix === '_bucket').map(({ labels }) => labels['le'])
    assert.deepEqual([...point.bounds.map(String), '+Inf'], bounds)
    assert.ok(
      Math.abs(
        point.startedAt / 1_000 -
          ((await metricsOf(service)).get('process_start_time_seconds')?.samples[0]?.value ?? 0),
      ) < 1,
    )
    assert.equal(await service.stop(), 0)
  })

  it('have what was counted last when the service ends, though the next export was far away', async () => {
    await using world = await openWorld(SQLITE)
    const { name, env } = exportingTo()
    await using service = await world.start({ ...env, OTEL_METRIC_EXPORT_INTERVAL: '600000' })
    await clientOf(service)(world.alice, 'GET', '/v1/users/me')
    assert.equal(await service.stop(), 0)

    assert.equal(requestsIn(await exportOf(name, 1)), 1)
    assert.equal((await exportsOf(name)).length, 1)
  })

  it('are not sent without an endpoint, nor where they are turned off', async () => {
    await using world = await openWorld(SQLITE)
    for (const off of [
      { OTEL_EXPORTER_OTLP_ENDPOINT: '' },
      { OTEL_SDK_DISABLED: 'true' },
      { OTEL_METRICS_EXPORTER: 'none' },
    ]) {
      const { name, env } = exportingTo()
      await using service = await world.start({ ...env, ...off })
      await clientOf(service)(world.alice, 'GET', '/v1/users/me')
      await service.stop()

      assert.deepEqual(await exportsOf(name), [])
    }
  })

  it('go to an endpoint of their own, with the headers of the standard variables, and traces nowhere', async () => {
    await using world = await openWorld(SQLITE)
    const sent: string[] = []
    await using wire = await startFaultProxy(new URL(collector?.url ?? ''), (bytes) =>
      sent.push(bytes.toString('latin1')),
    )
    const { name, env } = exportingTo()
    await using service = await world.start({
      ...env,
      OTEL_EXPORTER_OTLP_ENDPOINT: '',
      OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${wire.url}v1/metrics`,
      OTEL_EXPORTER_OTLP_METRICS_HEADERS: 'x-canary=7f3a',
    })
    const { headers } = await clientOf(service)(world.alice, 'GET', '/v1/users/me')
    await exportOf(name, 1)

    assert.equal(headers['traceparent'], undefined)
    assert.match(sent.join(''), /^POST \/v1\/metrics HTTP\/1\.1\r\n(?:.*\r\n)*x-canary: 7f3a\r\n/im)
    assert.equal(await service.stop(), 0)
  })

  it('are said to be lost while the collector does not take them, hold up nothing, and go on later', async () => {
    await using world = await openWorld(SQLITE)
    await using wire = await startFaultProxy(new URL(collector?.url ?? ''))
    await wire.set('blackhole')
    const { name, env } = exportingTo(wire.url)
    await using service = await world.start({ ...env, OTEL_METRIC_EXPORT_TIMEOUT: '200', OTEL_TRACES_EXPORTER: 'none' })
    const call = clientOf(service)

    await until('it is said', () => service.logs().includes('metrics are lost'), TIMEOUT_MS)
    const answers = await Promise.all(Array.from({ length: 50 }, () => call(world.alice, 'GET', '/v1/users/me')))
    assert.ok(answers.every(({ status }) => status === 200))
    assert.match(service.logs(), /metrics are lost, as the collector does not take them: no answer within 200 ms/)

    await wire.set('pass')
    assert.equal(requestsIn(await exportOf(name, 50)), 50)
    await until('it is said', () => service.logs().includes('the collector takes metrics again'))
    assert.equal(await service.stop(), 0)
  })
})

describe('the metrics of two workers', { skip: SQLITE.skip || skipWithout('otel') || skipWithout('nats') }, () => {
  it('leave the supervisor as one sum, which does not fall when a worker is exchanged or the service ends', async () => {
    await using world = await openWorld(SQLITE)
    const { name, env } = exportingTo()
    await using service = await world.start({ ...env, WORKERS: '2', QUEUE_URL: natsUrl ?? '' })
    const headers = { authorization: `Bearer ${world.alice.token}`, connection: 'close' }
    const ask = () => Promise.all(Array.from({ length: 10 }, () => fetch(`${service.url}/v1/users/me`, { headers })))
    const old = workersOf(service)

    await ask()
    process.kill(service.pid ?? 0, 'SIGHUP')
    await until('all are exchanged', () => service.logs().includes('all workers are replaced'), TIMEOUT_MS)
    await ask()
    assert.equal(await service.stop(), 0)

    assert.equal(requestsIn(await exportOf(name, 20)), 20)
    const all = await exportsOf(name)
    const counts = all.map(requestsIn)
    assert.deepEqual(
      counts,
      counts.toSorted((one, other) => one - other),
    )
    assert.deepEqual([...new Set(all.map(({ resource }) => resource['service.instance.id']))], [`${service.pid}`])
    assert.equal(old.length, 2)
  })
})
