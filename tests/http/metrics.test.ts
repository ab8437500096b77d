import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { describe, it } from 'node:test'
import { createHealthServer } from '../../src/controllers/health/health-server.ts'
import { localHealth } from '../../src/controllers/health/health-source.ts'
import { processMetrics } from '../../src/controllers/health/process-metrics.ts'
import type { Checks, Metric, Reading } from '../../src/patterns/monitoring.ts'
import { PRODUCT } from '../../src/patterns/product.ts'
import { parseMetrics } from '../kit/metrics.ts'

const aMetric = (name: string, read: Metric['read']): Metric => ({ name, help: 'Of a test.', type: 'gauge', read })

const up = { ping: async () => {}, isRequired: true }
const down = { ping: () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7:5432')), isRequired: true }
const silent = { ping: () => new Promise<never>(() => {}), isRequired: true }

async function openMetrics(metrics: readonly Metric[], checks: Checks = {}, isServing = true) {
  const all = [...processMetrics(), ...metrics]
  const source = localHealth(
    () => checks,
    () => all,
  )
  const server = createHealthServer({ version: '1.2.3', isServing: () => isServing, source })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  async function scrape(method = 'GET') {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { method, headers: { connection: 'close' } })
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }

  return {
    port,
    scrape,
    /** The samples of a family as they are read; undefined when it is left out. */
    async samplesOf(name: string) {
      return parseMetrics((await scrape()).text).get(name)?.samples
    },
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}

const one = (value: number) => [{ labels: {}, value }]

describe('metrics', () => {
  it('reach a client that half-closes once it has asked', async () => {
    await using metrics = await openMetrics([
      aMetric('late', () => new Promise((resolve) => setTimeout(resolve, 50, 1))),
    ])
    const client = connect({ port: metrics.port, host: '127.0.0.1', allowHalfOpen: true })
    client.end('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n')
    const chunks = await client.setEncoding('utf8').toArray()

    assert.match(chunks.join(''), /^HTTP\/1\.1 200 OK\r\n.*\nlate 1\n/s)
  })

  it('are text of version 0.0.4, for GET and HEAD', async () => {
    await using metrics = await openMetrics([aMetric('a_b:c', () => 1)])
    const { status, headers, text } = await metrics.scrape()

    assert.equal(status, 200)
    assert.equal(headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8')
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.match(text, /^# HELP a_b:c Of a test\.\n# TYPE a_b:c gauge\na_b:c 1\n/m)
    assert.deepEqual([(await metrics.scrape('HEAD')).text, (await metrics.scrape('POST')).status], ['', 405])
  })

  it('have help, a type, and one sample for each set of labels', async () => {
    const samples = [
      { labels: { consumer: 'letters', kind: 'a' }, value: 0 },
      { labels: { consumer: 'mail', kind: 'a' }, value: 1.5e21 },
    ]
    const given: Metric = {
      name: 'x_total',
      help: 'Ends with \\n,\nand goes on.',
      type: 'counter',
      read: () => samples,
    }
    await using metrics = await openMetrics([given])

    const family = parseMetrics((await metrics.scrape()).text).get('x_total')

    assert.deepEqual(family, { type: 'counter', help: 'Ends with \\n,\nand goes on.', samples })
  })

  it('give every label as it is, whatever it is', async () => {
    const values = ['"', '\\', '\n', '\\n', '\\"', '"} 1', 'a",b="c', '{}=,# ', '', 'Löwe 🐯']
    const samples = values.map((value, index) => ({ labels: { value, index: String(index) }, value: index }))
    await using metrics = await openMetrics([aMetric('labelled', () => samples)])

    assert.deepEqual(await metrics.samplesOf('labelled'), samples)
  })

  it('leave out what fails, what is no number and what takes more than a second; the others are given', async () => {
    const wrong: readonly Metric['read'][] = [
      () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7:5432')),
      () => assert.fail('at once'),
      () => new Promise<Reading>(() => {}),
      () => Number.NaN,
      () => Number.POSITIVE_INFINITY,
      () => [],
    ]
    const given = [
      aMetric('first', () => 1),
      ...wrong.map((read, i) => aMetric(`w${i}`, read)),
      aMetric('last', () => 2),
    ]
    await using metrics = await openMetrics(given)
    const start = performance.now()
    const { status, text } = await metrics.scrape()

    assert.equal(status, 200)
    assert.ok(performance.now() - start < 2_000)
    const names = [...parseMetrics(text).keys()]
    assert.deepEqual(
      names.filter((name) => given.some((metric) => metric.name === name)),
      ['first', 'last'],
    )
    assert.doesNotMatch(text, /ECONN|10\.0\.0\.7/)
  })

  it('are read once for all who ask at the same time, and anew for who asks later', async () => {
    let reads = 0
    const { promise: held, resolve: release } = Promise.withResolvers<void>()
    const read = async () => {
      reads++
      await held
      return reads
    }
    await using metrics = await openMetrics([aMetric('reads', read)])

    const scrapes = Array.from({ length: 20 }, () => metrics.samplesOf('reads'))
    setTimeout(release, 100)

    assert.deepEqual(await Promise.all(scrapes), Array(20).fill(one(1)))
    assert.deepEqual(await metrics.samplesOf('reads'), one(2))
  })

  it('say which version runs, whether it is ready, and which part is down', async () => {
    const cache = { ...down, isRequired: false }
    await using metrics = await openMetrics([], { database: up, cache })

    assert.deepEqual(await metrics.samplesOf(`${PRODUCT.metrics}build_info`), [
      { labels: { version: '1.2.3' }, value: 1 },
    ])
    assert.deepEqual(await metrics.samplesOf(`${PRODUCT.metrics}ready`), one(1))
    assert.deepEqual(await metrics.samplesOf(`${PRODUCT.metrics}up`), [
      { labels: { dependency: 'database' }, value: 1 },
      { labels: { dependency: 'cache' }, value: 0 },
    ])
  })

  it('say that a part is down which says nothing, and that nothing is ready without it', async () => {
    await using metrics = await openMetrics([], { database: silent })

    assert.deepEqual(await metrics.samplesOf(`${PRODUCT.metrics}up`), [
      { labels: { dependency: 'database' }, value: 0 },
    ])
    assert.deepEqual(await metrics.samplesOf(`${PRODUCT.metrics}ready`), one(0))
  })

  it('are there before the service is, which is not ready then', async () => {
    await using metrics = await openMetrics([], {}, false)

    assert.deepEqual(await metrics.samplesOf(`${PRODUCT.metrics}ready`), one(0))
    assert.equal(await metrics.samplesOf(`${PRODUCT.metrics}up`), undefined)
  })

  it('show the memory and CPU of the process', async () => {
    await using metrics = await openMetrics([])
    const figure = async (name: string) => (await metrics.samplesOf(name))?.[0]?.value ?? Number.NaN

    assert.ok((await figure('process_resident_memory_bytes')) > 10 * 2 ** 20)
    assert.ok(Math.abs((await figure('process_start_time_seconds')) * 1000 - performance.timeOrigin) < 1)
    const before = await figure('process_cpu_seconds_total')
    const { user, system } = process.cpuUsage()
    while (process.cpuUsage().user < user + 200_000);
    const after = await figure('process_cpu_seconds_total')
    assert.ok(before * 1e6 <= user + system && after - before >= 0.2, `${before} ${after}`)
  })

  it('show the delay of the event loop since the last scrape', async () => {
    await using metrics = await openMetrics([])
    const lag = async () => (await metrics.samplesOf('nodejs_eventloop_lag_seconds'))?.[0]?.value ?? Number.NaN
    await lag()
    await new Promise((resolve) => setTimeout(resolve, 100))
    busyFor(400)
    await new Promise((resolve) => setTimeout(resolve, 100))

    const [held, after] = [await lag(), await lag()]

    assert.ok(held > 0.3 && held < 2, `${held}`)
    assert.ok(after < held, `${after}`)
  })
})

describe('the reader of metrics that these tests use', () => {
  const HEAD = '# HELP a x\n# TYPE a gauge\n'

  for (const [what, text] of [
    ['no line feed at the end', `${HEAD}a 1`],
    ['an empty line', `${HEAD}a 1\n\n`],
    ['no type', '# HELP a x\na 1\n'],
    ['no help', '# TYPE a gauge\na 1\n'],
    ['no sample', HEAD],
    ['a type that is none', '# HELP a x\n# TYPE a number\na 1\n'],
    ['a counter without _total', '# HELP a x\n# TYPE a counter\na 1\n'],
    ['the same sample twice', `${HEAD}a{b="1",c="2"} 1\na{c="2",b="1"} 1\n`],
    ['the same family twice', `${HEAD}a 1\n${HEAD}a{b="1"} 1\n`],
    ['a sample of another family', `${HEAD}b 1\n`],
    ['a label twice', `${HEAD}a{b="1",b="2"} 1\n`],
    ['a label that is reserved', `${HEAD}a{__b="1"} 1\n`],
    ['a quote that is not escaped', `${HEAD}a{b="""} 1\n`],
    ['an escape that is none', `${HEAD}a{b="\\t"} 1\n`],
    ['a comma too much', `${HEAD}a{b="1",} 1\n`],
    ['no value', `${HEAD}a \n`],
    ['a value that is none', `${HEAD}a Infinity\n`],
    ['two spaces', `${HEAD}a  1\n`],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(() => parseMetrics(text), assert.AssertionError)
    })
  }
})

function busyFor(milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end);
}
