import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { before, describe, it } from 'node:test'
import { PRODUCT } from '../../src/patterns/product.ts'
import { clientOf } from '../kit/client.ts'
import { until } from '../kit/command.ts'
import { EFFECTS } from '../kit/forum-effects.ts'
import { grpcClientOf } from '../kit/grpc-client.ts'
import { type Family, parseMetrics } from '../kit/metrics.ts'
import type { Service } from '../kit/service.ts'
import { ENGINES, openWorld, type World } from './world.ts'

const textOf = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const [SQLITE, POSTGRES] = ENGINES

/** What only a service with several workers, or with connections to its database, has. */
const ELSEWHERE = ['workers', 'database_pool_connections', 'database_pool_busy', 'database_pool_waiting']

async function metricsOf({ healthUrl }: Service): Promise<ReadonlyMap<string, Family>> {
  return parseMetrics(await (await fetch(`${healthUrl}/metrics`)).text())
}

/** The counts of a histogram, by the values of its labels. */
const countsOf = (metrics: ReadonlyMap<string, Family>, name: string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    (metrics.get(`${PRODUCT.metrics}${name}_duration_seconds`)?.samples ?? [])
      .filter(({ suffix }) => suffix === '_count')
      .map(({ labels, value }) => [Object.values(labels).join(' '), value]),
  )

/** Alice posts, others read, somebody asks over gRPC: one of each. */
async function somethingOfEach(service: Service, { alice, bob }: World): Promise<string> {
  const call = clientOf(service)
  const { body } = await call(alice, 'POST', '/v1/posts', { body: { text: 'Hello.' } })
  await call(bob, 'GET', `/v1/posts/${body.id}`)
  await call(bob, 'GET', `/v1/posts/${bob.id}`)
  await call(null, 'GET', '/v1/posts')
  await call(bob, 'GET', '/v1/made-up')
  const client = grpcClientOf(service.grpcAddress)
  await client.call(bob, 'forum.v1.PostService/GetPost', { id: body.id })
  client.close()
  return body.id
}

/** Each consumer handles an event, which is caused at a post. */
async function allHandled(service: Service, world: World, postId: string): Promise<void> {
  for (const { handler, cause } of EFFECTS) {
    await cause(clientOf(service), world, postId)
    await until(handler, async () => `${handler} handled` in countsOf(await metricsOf(service), 'event_handler'))
  }
}

/** All names of metrics in an expression of PromQL: they have the product's name, or that of a common exporter. */
const namesIn = (expression: string): readonly string[] =>
  (expression.match(new RegExp(`\\b(?:${PRODUCT.metrics}|process_|nodejs_)\\w+`, 'g')) ?? []).map((name) => name)

/** The histogram that a sample is of, else the metric itself. */
const familyOf = (name: string): string => name.replace(/_(?:bucket|sum|count)$/, '')

/** A metric of that name, and the sample of a histogram. */
const isThere = (metrics: ReadonlyMap<string, Family>, name: string): boolean =>
  metrics.get(name) !== undefined || metrics.get(familyOf(name))?.type === 'histogram'

describe('the metrics of a service', { skip: SQLITE.skip }, () => {
  let early: ReadonlyMap<string, Family>
  let late: ReadonlyMap<string, Family>
  before(async () => {
    await using world = await openWorld(SQLITE)
    await using service = await world.start()
    const postId = await somethingOfEach(service, world)
    early = await metricsOf(service)
    await allHandled(service, world, postId)
    late = await metricsOf(service)
  })

  it('have how long requests, statements and handlers took, by bounded labels', () => {
    assert.deepEqual(countsOf(early, 'http_request'), {
      'POST /v1/posts 2xx': 1,
      'GET /v1/posts/:id 2xx': 1,
      'GET /v1/posts/:id 4xx': 1,
      'GET /v1/posts 4xx': 1,
      'GET unknown 4xx': 1,
    })
    assert.deepEqual(countsOf(early, 'grpc_call'), { 'forum.v1.PostService/GetPost OK': 1 })
    const statements = countsOf(early, 'database_statement')
    assert.equal(statements['find posts refused'], undefined)
    for (const statement of ['find posts done', 'commit done']) assert.ok((statements[statement] ?? 0) > 0, statement)

    assert.deepEqual(
      countsOf(late, 'event_handler'),
      Object.fromEntries(EFFECTS.map(({ handler }) => [`${handler} handled`, 1])),
    )
  })

  it('are those that the dashboard and the alerts speak of', () => {
    const unused = EFFECTS.length === 0 ? ['event_handler_duration_seconds', 'dead_letters'] : []
    const elsewhere = new Set([...ELSEWHERE, ...unused].map((name) => `${PRODUCT.metrics}${name}`))

    for (const path of ['operations/grafana-dashboard.json', 'operations/alerts.yaml', 'docs/operating.md']) {
      const names = [...new Set(namesIn(textOf(path)))].filter((name) => name !== `${PRODUCT.metrics}`)
      assert.ok(names.length >= 5, path)
      const missing = names.filter((name) => !isThere(late, name) && !elsewhere.has(familyOf(name)))
      assert.deepEqual(missing, [], path)
    }
  })

  it('include those of the connection pool', { skip: POSTGRES.skip }, async () => {
    await using world = await openWorld(POSTGRES)
    await using service = await world.start({ DATABASE_POOL_SIZE: '7' })
    const metrics = await metricsOf(service)
    const pool = (part: string) => metrics.get(`${PRODUCT.metrics}database_pool_${part}`)?.samples[0]?.value

    assert.deepEqual([pool('connections'), pool('waiting')], [7, 0])
    assert.ok((pool('busy') ?? -1) >= 0)
  })
})

describe('the files for operators', () => {
  it('have a dashboard whose panels lie side by side, each with a query', () => {
    const { panels } = JSON.parse(textOf('operations/grafana-dashboard.json')) as Readonly<{ panels: readonly Panel[] }>
    const places = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)} ${y + Math.floor(index / w)}`),
    )

    assert.equal(new Set(places).size, places.length)
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length)
    for (const { title, gridPos, targets } of panels) {
      assert.ok(gridPos.x + gridPos.w <= 24, title)
      assert.ok(targets.length > 0 && targets.every(({ expr }) => isBalanced(expr)), title)
    }
  })

  it('have alerts that say what they mean, each of which the documentation explains', () => {
    const rules = textOf('operations/alerts.yaml').split('- alert: ').slice(1)
    const documented = textOf('docs/operating.md').split('\n## Alerts\n')[1] ?? ''

    assert.ok(rules.length >= 10)
    for (const rule of rules) {
      const [name = ''] = rule.split('\n')
      assert.match(
        rule,
        /^\w+\n {8}expr: (?:.|\n)+\n {8}for: \d+m\n {8}labels: \{ severity: (?:page|ticket) \}\n {8}annotations:\n {10}summary: .+\n/,
      )
      assert.ok(isBalanced(rule), name)
      assert.ok(documented.includes(`\`${name}\``), name)
    }
  })
})

type Panel = Readonly<{
  id: number
  title: string
  gridPos: Readonly<{ x: number; y: number; w: number; h: number }>
  targets: readonly Readonly<{ expr: string }>[]
}>

const isBalanced = (text: string): boolean =>
  ['()', '{}', '[]'].every(([open = '', close = '']) => text.split(open).length === text.split(close).length)
