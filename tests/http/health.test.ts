import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createHealthServer } from '../../src/controllers/health/health-server.ts'
import { localHealth } from '../../src/controllers/health/health-source.ts'
import type { Check } from '../../src/patterns/monitoring.ts'

const up: Check = { ping: async () => {}, isRequired: true }
const down: Check = { ping: () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7:5432')), isRequired: true }
const silent: Check = { ping: () => new Promise(() => {}), isRequired: true }

async function openHealth(checks: Record<string, Check>, servesAtOnce = true) {
  const state = { isServing: servesAtOnce }
  const isServing = () => state.isServing
  const source = localHealth(
    () => checks,
    () => [],
  )
  const server = createHealthServer({ version: '1.2.3', isServing, source })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  return {
    state,
    async ask(path: string, method = 'GET') {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers: { connection: 'close' } })
      const text = await answer.text()
      return { status: answer.status, headers: answer.headers, text, body: text === '' ? null : JSON.parse(text) }
    },
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}

describe('health', () => {
  it('is all well when every part is up', async () => {
    await using health = await openHealth({ database: up })
    const { status, body, headers } = await health.ask('/health-check')

    assert.equal(status, 200)
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.deepEqual(Object.keys(body), ['status', 'checks', 'version', 'uptimeSeconds'])
    assert.deepEqual([body.status, body.version, body.checks.database.status], ['up', '1.2.3', 'up'])
    assert.ok(Number.isInteger(body.uptimeSeconds))
    assert.ok(body.checks.database.latencyMs >= 0)
    assert.equal((await health.ask('/ready')).status, 200)
    assert.equal((await health.ask('/live')).status, 200)
  })

  it('is out of service while the database is down, alive nevertheless, and gives no address away', async () => {
    await using health = await openHealth({ database: down })
    const { status, body, text } = await health.ask('/health-check')

    assert.deepEqual([status, body.status, body.checks.database.status], [503, 'down', 'down'])
    assert.doesNotMatch(text, /ECONN|10\.0\.0\.7/)
    assert.equal((await health.ask('/ready')).status, 503)
    assert.equal((await health.ask('/live')).status, 200)
  })

  it('shows the part of the cause that may be public, beside its state', async () => {
    const causeOf = ({ message }: Error) => message.replace(/ .*/, '')
    await using health = await openHealth({ database: { ...down, causeOf }, identity: { ...up, causeOf } })
    const { database, identity } = (await health.ask('/health-check')).body.checks

    assert.deepEqual([database.status, database.cause], ['down', 'connect'])
    assert.deepEqual(Object.keys(identity), ['status', 'latencyMs'])
  })

  it('is degraded while a part is down that the service can do without', async () => {
    await using health = await openHealth({ database: up, cache: { ...down, isRequired: false } })
    const { status, body } = await health.ask('/health-check')

    assert.deepEqual([status, body.status, body.checks.cache.status], [200, 'degraded', 'down'])
    assert.equal((await health.ask('/ready')).status, 200)
  })

  it('shows the stats of each part beside its state, whether it is up or not', async () => {
    const stats = { hits: () => 7, loads: async () => 0.5 }
    await using health = await openHealth({ database: up, cache: { ...down, isRequired: false, stats } })
    const { body } = await health.ask('/health-check')

    const { latencyMs, ...cache } = body.checks.cache
    assert.deepEqual(cache, { status: 'down', hits: 7, loads: 0.5 })
    assert.deepEqual(Object.keys(body.checks.database), ['status', 'latencyMs'])
  })

  it('leaves out a figure that cannot be read, and is none the worse for it', async () => {
    const stats = {
      known: () => 1,
      refused: () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.7:5432')),
      broken: () => assert.fail('at once'),
      absurd: () => Number.NaN,
      silent: () => new Promise<number>(() => {}),
    }
    await using health = await openHealth({ database: { ...up, stats } })
    const start = performance.now()
    const { status, body } = await health.ask('/health-check')

    assert.deepEqual([status, body.status], [200, 'up'])
    assert.deepEqual(Object.keys(body.checks.database), ['status', 'latencyMs', 'known'])
    assert.ok(performance.now() - start < 2_000)
  })

  it('waits two seconds for a part that says nothing, not for ever', async () => {
    await using health = await openHealth({ database: silent, other: silent })
    const start = performance.now()

    assert.equal((await health.ask('/ready')).status, 503)
    assert.ok(performance.now() - start < 3_000)
  })

  it('does not wait with its readiness for a part that the service can do without', async () => {
    await using health = await openHealth({ database: up, queue: { ...silent, isRequired: false } })
    const answered = health.ask('/ready')

    assert.equal((await Promise.race([answered, sleep(1_000, { status: 0 }, { ref: false })])).status, 200)
  })

  it('is not ready before it serves, and from the first moment of stopping, whatever is up', async () => {
    await using health = await openHealth({ database: up }, false)
    assert.equal((await health.ask('/ready')).status, 503)
    assert.equal((await health.ask('/live')).status, 200)

    health.state.isServing = true
    assert.equal((await health.ask('/ready')).status, 200)

    health.state.isServing = false
    assert.equal((await health.ask('/ready')).status, 503)
    assert.equal((await health.ask('/health-check')).body.status, 'down')
  })

  it('is asked by GET and HEAD, nowhere else', async () => {
    await using health = await openHealth({ database: up })

    assert.deepEqual(
      [(await health.ask('/ready?now=1')).status, (await health.ask('/live', 'HEAD')).status],
      [200, 200],
    )
    const refused = await health.ask('/ready', 'POST')
    assert.deepEqual([refused.status, refused.headers.get('allow')], [405, 'GET, HEAD'])
    for (const path of ['/', '/health', '/live/', '/__proto__', '/constructor', '/toString']) {
      assert.equal((await health.ask(path)).status, 404, path)
    }
  })
})
