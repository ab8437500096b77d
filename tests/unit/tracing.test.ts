import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readConfig } from '../../src/main/config.ts'
import { parseTraceparent } from '../../src/patterns/tracing.ts'

const [TRACE, SPAN] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7']
const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' }

describe('a traceparent', () => {
  for (const [text, flags] of [
    [`00-${TRACE}-${SPAN}-01`, 1],
    [`00-${TRACE}-${SPAN}-00`, 0],
    [`cc-${TRACE}-${SPAN}-03`, 3],
    [`cc-${TRACE}-${SPAN}-01-what-comes-later`, 1],
  ] as const) {
    it(`is understood: ${text}`, () => {
      assert.deepEqual(parseTraceparent(text), { traceId: TRACE, spanId: SPAN, flags })
    })
  }

  for (const text of [
    ...['', 'x', `00-${TRACE}-${SPAN}`, `00-${TRACE}-${SPAN}-01-more`, `00-${TRACE}-${SPAN}-1`],
    ...[`ff-${TRACE}-${SPAN}-01`, `00-${'0'.repeat(32)}-${SPAN}-01`, `00-${TRACE}-${'0'.repeat(16)}-01`],
    ...[`00-${TRACE.toUpperCase()}-${SPAN}-01`, ` 00-${TRACE}-${SPAN}-01`, 'x'.repeat(10_000), 1, null, undefined, {}],
  ]) {
    it(`is ignored: ${String(text).slice(0, 70)}`, () => assert.equal(parseTraceparent(text), null))
  }
})

describe('the settings of traces', () => {
  const tracing = (variables: Readonly<Record<string, string>>) => readConfig(variables, false).tracing

  it('turn them on with an endpoint alone, and off again', () => {
    assert.equal(tracing({}), null)
    assert.equal(tracing({ OTEL_TRACES_SAMPLER: 'always_on' }), null)
    assert.equal(tracing({ OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }), null)
    assert.equal(tracing({ ...ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' }), null)
    assert.equal(tracing({ ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }), null)
    assert.equal(tracing(ENDPOINT)?.sampler, 'parentbased_always_on')
    assert.equal(
      tracing({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://a.example/v1/traces' })?.protocol,
      'http/protobuf',
    )
    assert.equal(tracing({ ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' })?.protocol, 'http/json')
  })

  for (const [name, value] of [
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'localhost:4318'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
    ['OTEL_TRACES_EXPORTER', 'zipkin'],
    ['OTEL_TRACES_SAMPLER', 'sometimes'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
    ['OTEL_TRACES_SAMPLER_ARG', '-1'],
    ['OTEL_BSP_MAX_QUEUE_SIZE', '0'],
  ] as const) {
    it(`refuse ${name}=${value}, without its value`, () => {
      assert.throws(() => tracing({ ...ENDPOINT, [name]: value }), new RegExp(`  ${name} must`))
    })
  }
})

describe('the settings of metrics for a collector', () => {
  const metrics = (variables: Readonly<Record<string, string>>) => readConfig(variables, false).metricsExport

  it('turn them on with an endpoint alone, and off again', () => {
    assert.equal(metrics({}), null)
    assert.equal(metrics({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://localhost:4318/v1/traces' }), null)
    assert.equal(metrics({ ...ENDPOINT, OTEL_SDK_DISABLED: 'true' }), null)
    assert.equal(metrics({ ...ENDPOINT, OTEL_METRICS_EXPORTER: 'none' }), null)
    assert.deepEqual(metrics(ENDPOINT), { intervalMs: 60_000, timeoutMs: 30_000 })
    assert.deepEqual(
      metrics({
        OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://localhost:4318/v1/metrics',
        OTEL_TRACES_EXPORTER: 'none',
        OTEL_METRIC_EXPORT_INTERVAL: '5000',
        OTEL_METRIC_EXPORT_TIMEOUT: '1000',
      }),
      { intervalMs: 5_000, timeoutMs: 1_000 },
    )
  })

  for (const [name, value] of [
    ['OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', 'localhost:4318'],
    ['OTEL_EXPORTER_OTLP_METRICS_PROTOCOL', 'http/protobuf'],
    ['OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE', 'delta'],
    ['OTEL_METRICS_EXPORTER', 'console'],
    ['OTEL_METRIC_EXPORT_INTERVAL', '0'],
    ['OTEL_METRIC_EXPORT_TIMEOUT', '1s'],
  ] as const) {
    it(`refuse ${name}=${value}, without its value`, () => {
      assert.throws(() => metrics({ ...ENDPOINT, [name]: value }), new RegExp(`  ${name} must`))
    })
  }
})
