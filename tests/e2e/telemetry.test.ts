import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { describe, it } from 'node:test'
import { PRODUCT } from '../../src/patterns/product.ts'
import { clientOf } from '../kit/client.ts'
import { collectedSpans, newTrace, spansOf, tracedTo } from '../kit/collector.ts'
import { until } from '../kit/command.ts'
import { collector, natsUrl, skipWithout } from '../kit/engines.ts'
import { startFaultProxy } from '../kit/fault-proxy.ts'
import { replaceFile } from '../kit/live-settings.ts'
import { ENGINES, openWorld } from './world.ts'

const [SQLITE] = ENGINES
const skip = SQLITE.skip || skipWithout('otel')
const URL_OF_COLLECTOR = new URL(collector?.url ?? 'http://127.0.0.1')
const linesOf = (logs: string) => logs.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []))

describe('traces', { skip }, () => {
  it('are named in the log and by answers, and contain no personal data', async () => {
    await using world = await openWorld(SQLITE)
    await using service = await world.start({
      ...tracedTo(),
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    })
    const call = clientOf(service)
    const [good, bad] = [newTrace(), newTrace()]

    const { body: post } = await call(world.alice, 'POST', '/v1/posts', {
      body: { text: 'A secret of mine' },
      headers: { traceparent: good.traceparent },
    })
    const { headers, body: problem } = await call(world.alice, 'GET', `/v1/users/${world.bob.id}?hidden=1`, {
      headers: { traceparent: bad.traceparent },
    })
    const spans = [
      ...(await spansOf(good.traceId, 'POST /v1/posts')),
      ...(await spansOf(bad.traceId, 'GET /v1/users/:id')),
    ]

    assert.deepEqual([headers['traceparent']?.split('-')[1], problem.traceId], [bad.traceId, bad.traceId])
    const logged = linesOf(service.logs()).filter((line) => [good.traceId, bad.traceId].includes(line['trace.id']))
    assert.deepEqual(
      logged.map((line) => [line['http.response.status_code'], line['span.id']]),
      [
        [201, spans.find(({ name }) => name === 'POST /v1/posts')?.spanId],
        [422, spans.find(({ name }) => name === 'GET /v1/users/:id')?.spanId],
      ],
    )
    assert.deepEqual(
      [spans[0]?.resource['service.name'], spans[0]?.resource['deployment.environment.name']],
      [PRODUCT.service, 'test'],
    )
    const exported = JSON.stringify(spans)
    for (const personal of [world.alice.id, world.bob.id, 'alice', 'bob', 'A secret', 'hidden', '127.0.0.1', post.id])
      assert.ok(!exported.includes(personal), `${personal} in ${exported}`)
  })

  it('have what a request asks of the database, though its body comes after its head', async () => {
    await using world = await openWorld(SQLITE)
    await using service = await world.start(tracedTo())
    const { traceId, traceparent } = newTrace()
    const headers = { authorization: `Bearer ${world.alice.token}`, 'content-type': 'application/json', traceparent }
    const sent = request(`${service.url}/v1/posts`, { method: 'POST', headers: { ...headers, expect: '100-continue' } })
    await once(sent, 'continue')
    sent.end('{"text":"Late."}')
    const [{ statusCode }] = await once(sent, 'response')

    const spans = await spansOf(traceId, 'POST /v1/posts')
    assert.equal(statusCode, 201)
    assert.ok(spans.some(({ name }) => name === 'insert posts'))
  })

  it('are sampled as the variables say, and go on where a caller has decided', async () => {
    const name = `sampled-${newTrace().traceId}`
    await using world = await openWorld(SQLITE)
    await using service = await world.start({
      ...tracedTo(),
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_SERVICE_NAME: name,
    })
    const call = clientOf(service)
    const { traceId, traceparent } = newTrace()

    await call(world.alice, 'GET', '/v1/posts')
    await call(world.alice, 'GET', '/v1/posts', { headers: { traceparent: traceparent.replace(/1$/, '0') } })
    await call(world.alice, 'GET', '/v1/posts', { headers: { traceparent: newTrace().traceparent } })
    await call(world.alice, 'GET', '/v1/users/me', { headers: { traceparent } })
    await spansOf(traceId, 'GET /v1/users/me')
    const spans = (await collectedSpans()).filter(({ resource }) => resource['service.name'] === name)

    assert.deepEqual(
      spans.flatMap(({ name }) => (name.startsWith('GET ') ? [name] : [])),
      ['GET /v1/posts', 'GET /v1/users/me'],
    )
  })

  it('are sampled by another ratio as soon as it is set', async () => {
    await using world = await openWorld(SQLITE)
    const keep = (ratio: number) => replaceFile(world.directory, 'forum.env', `OTEL_TRACES_SAMPLER_ARG=${ratio}\n`)
    await keep(0)
    await using service = await world.start({
      ...tracedTo(),
      CONFIG_URL: 'forum.env',
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    })
    const call = clientOf(service)
    const ask = async () => (await call(world.alice, 'GET', '/v1/posts')).headers['traceparent']?.split('-') ?? []

    const [, before = '', , flags] = await ask()
    await keep(1)
    await until('it is applied', () => /settings changed by .*: OTEL_TRACES_SAMPLER_ARG/.test(service.logs()))
    const [, after = ''] = await ask()
    await spansOf(after, 'GET /v1/posts')

    assert.equal(flags, '00')
    assert.ok(!(await collectedSpans()).some(({ traceId }) => traceId === before))
  })

  it('are sampled by another ratio in workers too, whose supervisor sends the metrics', {
    skip: skipWithout('nats'),
  }, async () => {
    await using world = await openWorld(SQLITE)
    const keep = (ratio: number) => replaceFile(world.directory, 'forum.env', `OTEL_TRACES_SAMPLER_ARG=${ratio}\n`)
    await keep(0)
    await using service = await world.start({
      ...{ ...tracedTo(), CONFIG_URL: 'forum.env', OTEL_TRACES_SAMPLER: 'parentbased_traceidratio' },
      ...{ WORKERS: '2', QUEUE_URL: natsUrl ?? '' },
    })
    const call = clientOf(service)
    const isKept = async () =>
      (await call(world.alice, 'GET', '/v1/posts')).headers['traceparent']?.endsWith('-01') ?? false

    assert.equal(await isKept(), false)
    await keep(1)
    await until('it is applied', isKept, 30_000)
  })

  for (const fault of ['refuse', 'blackhole', 'reset', 'garbage'] as const) {
    it(`hold up neither requests nor the end where the collector does this: ${fault}`, async () => {
      await using world = await openWorld(SQLITE)
      await using wire = await startFaultProxy(URL_OF_COLLECTOR)
      await wire.set(fault)
      await using service = await world.start({
        ...tracedTo(wire.url),
        OTEL_BSP_MAX_QUEUE_SIZE: '64',
        OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '16',
        OTEL_EXPORTER_OTLP_TIMEOUT: '60000',
        OTEL_METRIC_EXPORT_INTERVAL: '50',
      })
      const call = clientOf(service)

      const answers = await Promise.all(Array.from({ length: 200 }, () => call(world.alice, 'GET', '/v1/users/me')))
      const began = performance.now()
      const code = await service.stop()

      assert.ok(answers.every(({ status }) => status === 200))
      assert.equal(code, 0)
      assert.ok(performance.now() - began < 25_000, 'less than one time-out of the exporter')
    })
  }

  it('are not made without an endpoint, nor where they are turned off', async () => {
    await using world = await openWorld(SQLITE)
    for (const off of [
      { OTEL_EXPORTER_OTLP_ENDPOINT: '' },
      { ...tracedTo(), OTEL_SDK_DISABLED: 'true' },
      { ...tracedTo(), OTEL_TRACES_EXPORTER: 'none' },
    ]) {
      await using service = await world.start(off)
      const { traceId, traceparent } = newTrace()
      const { headers } = await clientOf(service)(world.alice, 'GET', '/v1/posts/1', { headers: { traceparent } })
      await service.stop()

      assert.equal(headers['traceparent'], undefined)
      assert.ok(!(await collectedSpans()).some((span) => span.traceId === traceId))
    }
  })
})
