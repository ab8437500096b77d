import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Client } from 'pg'
import { PRODUCT } from '../../src/patterns/product.ts'
import { assertProblem } from '../kit/answers.ts'
import { clientOf, statusOf } from '../kit/client.ts'
import { startCommand, until } from '../kit/command.ts'
import { startFaultProxy } from '../kit/fault-proxy.ts'
import { freePorts } from '../kit/service.ts'
import { newKey } from '../kit/test-keys.ts'
import { ENGINES, openWorld, type World } from './world.ts'

const [SQLITE, POSTGRES] = ENGINES
const HELLO = { body: { text: 'Hello.' } }

type Health = Readonly<{ healthUrl: string }>
type HealthPage = Readonly<{ status: string; checks: { identity?: { status: string; cause?: string } } }>

async function healthOf({ healthUrl }: Health) {
  const answer = await fetch(`${healthUrl}/health-check`, { headers: { connection: 'close' } }).catch(() => null)
  const body = (await answer?.json()) as HealthPage | undefined
  return { status: body?.status, identity: body?.checks.identity }
}

const statusesOf = (healthUrl: string) =>
  Promise.all(['/ready', '/health-check', '/live'].map((path) => statusOf(`${healthUrl}${path}`)))

/** A wire to the database of a world. */
const wireTo = ({ env }: World) => startFaultProxy(new URL(env['DATABASE_URL'] ?? ''))

describe('when PostgreSQL goes away', { skip: POSTGRES.skip }, () => {
  it('requests are refused with 503 at once, health is down, and both recover when it is back', async () => {
    await using world = await openWorld(POSTGRES)
    await using wire = await wireTo(world)
    await using service = await world.start({ DATABASE_URL: wire.url })
    const call = clientOf(service)
    const { headers } = await call(world.alice, 'POST', '/v1/posts', HELLO)
    const path = headers['location'] ?? ''

    await wire.set('refuse')
    for (const [method, url, sent] of [
      ['POST', '/v1/posts', HELLO],
      ['GET', path, {}],
      ['GET', '/v1/posts', {}],
    ] as const) {
      const start = performance.now()
      assertProblem(await call(world.alice, method, url, sent), 503, 'dependency-unavailable')
      assert.ok(performance.now() - start < 3_000)
    }
    assert.equal(await statusOf(`${service.healthUrl}/ready`), 503)
    assert.equal(await statusOf(`${service.healthUrl}/health-check`), 503)
    assert.equal(await statusOf(`${service.healthUrl}/live`), 200)
    assertProblem(await call(null, 'GET', '/v1/posts'), 401, 'authentication-required')

    await wire.set('pass')
    await until('it is ready again', async () => (await statusOf(`${service.healthUrl}/ready`)) === 200)
    assert.equal((await call(world.alice, 'GET', path)).status, 200)
    assert.equal((await call(world.alice, 'POST', '/v1/posts', HELLO)).status, 201)
    assert.ok(service.isRunning())
  })

  it('connections that the server ends are replaced: no caller sees more than one refusal', async () => {
    await using world = await openWorld(POSTGRES)
    await using service = await world.start()
    const call = clientOf(service)
    await Promise.all(Array.from({ length: 8 }, () => call(world.alice, 'POST', '/v1/posts', HELLO)))

    const other = new Client({ connectionString: world.env['DATABASE_URL'] })
    await other.connect()
    const mine = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = '${PRODUCT.service}' and datname = current_database()`
    const { rowCount } = await other.query(mine)
    await other.end()
    assert.ok((rowCount ?? 0) > 1)

    await until(
      'it writes again',
      async () => (await call(world.alice, 'POST', '/v1/posts', HELLO)).status === 201,
      5_000,
    )
    assert.equal((await call(world.alice, 'GET', '/v1/posts')).status, 200)
    assert.ok(service.isRunning())
  })

  it('a start waits for it, alive but not ready', async () => {
    await using world = await openWorld(POSTGRES)
    await using wire = await wireTo(world)
    await wire.set('refuse')
    const [port, health] = (await freePorts(2)).map(String) as [string, string]
    const env = { ...world.env, DATABASE_URL: wire.url, HTTP_PORT: port, HEALTH_PORT: health }
    await using started = startCommand([], { directory: world.directory, env })

    await until('it is alive', async () => (await statusOf(`http://127.0.0.1:${health}/live`)) === 200)
    assert.equal(await statusOf(`http://127.0.0.1:${health}/ready`), 503)
    await wire.set('pass')
    await until('it is ready', async () => (await statusOf(`http://127.0.0.1:${health}/ready`)) === 200, 40_000)

    started.child.kill('SIGTERM')
    assert.equal(await started.ended(), 0)
  })
})

describe('when the issuer', { skip: SQLITE.skip, concurrency: 2 }, () => {
  it('is down, those whose keys are known get in, others do not, and no request waits', async () => {
    await using world = await openWorld(SQLITE)
    await using service = await world.start()
    const call = clientOf(service)
    await call(world.alice, 'GET', '/v1/users/me')
    const stranger = await world.issuer.token({}, { key: await newKey('RS256') })

    await world.issuer.stop()
    assert.equal((await call(await world.person('Zoe'), 'POST', '/v1/posts', HELLO)).status, 201)
    assertProblem(await call({ token: stranger }, 'GET', '/v1/posts'), 401, 'invalid-token')
    assert.equal(await statusOf(`${service.healthUrl}/ready`), 200)
    await world.issuer.start()
  })

  it('goes away, health says so and the service goes on with the keys it has', async () => {
    await using world = await openWorld(SQLITE)
    await using service = await world.start()
    assert.equal((await healthOf(service)).identity?.status, 'up')

    await world.issuer.stop()
    await until('it is noticed', async () => (await healthOf(service)).identity?.status === 'down', 20_000)

    const { status, identity } = await healthOf(service)
    assert.deepEqual([status, identity?.cause], ['degraded', 'The issuer cannot be reached.'])
    assert.equal(await statusOf(`${service.healthUrl}/ready`), 200)
    assert.equal((await clientOf(service)(world.alice, 'GET', '/v1/posts')).status, 200)
    await world.issuer.start()
    await until('it is up again', async () => (await healthOf(service)).status === 'up', 20_000)
  })

  it('was never there, health says why, and the service heals when the issuer comes, without a request', async () => {
    await using world = await openWorld(SQLITE)
    await world.issuer.stop()
    const [port, health] = (await freePorts(2)).map(String) as [string, string]
    const env = { ...world.env, HTTP_PORT: port, HEALTH_PORT: health, LOG_FORMAT: 'ecs' }
    const [url, healthUrl] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${health}`]
    await using started = startCommand([], { directory: world.directory, env })
    await until('it is noticed without a request', () => started.stdout().includes('waiting for the keys'))

    assertProblem(await clientOf({ url })(world.alice, 'GET', '/v1/posts'), 503, 'dependency-unavailable')
    assert.deepEqual(await statusesOf(healthUrl), [200, 200, 200])
    const { status, identity } = await healthOf({ healthUrl })
    assert.deepEqual([status, identity?.status, identity?.cause], ['degraded', 'down', 'The issuer cannot be reached.'])
    const warnings = started.stdout().match(/.+waiting for the keys.+/g) ?? []
    assert.equal(warnings.length, 1)
    assert.match(warnings[0] ?? '', /127\.0\.0\.1:\d+\/realms\/test.*ECONNREFUSED|ECONNREFUSED.*realms\/test/)

    await world.issuer.start()
    await until('it is up', async () => (await healthOf({ healthUrl })).status === 'up', 20_000)
    assert.equal((await clientOf({ url })(world.alice, 'GET', '/v1/posts')).status, 200)
    assert.deepEqual(await statusesOf(healthUrl), [200, 200, 200])
    started.child.kill('SIGTERM')
    assert.equal(await started.ended(), 0)
  })

  it('is another than it says, or has no keys, health says so', async () => {
    await using world = await openWorld(SQLITE)
    Object.assign(world.issuer.answers, {
      discovery: { issuer: 'http://evil.example', jwks_uri: 'http://evil.example' },
    })
    const [port, health] = (await freePorts(2)).map(String) as [string, string]
    const healthUrl = `http://127.0.0.1:${health}`
    const env = { ...world.env, HTTP_PORT: port, HEALTH_PORT: health }
    await using _started = startCommand([], { directory: world.directory, env })
    const says = (cause: string) => async () => (await healthOf({ healthUrl })).identity?.cause === cause

    await until('it is noticed', says('The discovery document names another issuer.'))
    Object.assign(world.issuer.answers, { discovery: undefined, jwks: { keys: [] } })
    await until('it is noticed', says('The issuer publishes no keys for signatures.'), 20_000)
    assert.deepEqual(await statusesOf(healthUrl), [200, 200, 200])
  })

  it('changes its keys, new tokens are good at once', async () => {
    await using world = await openWorld(SQLITE)
    await using service = await world.start()
    const call = clientOf(service)
    await call(world.alice, 'GET', '/v1/users/me')

    await world.issuer.rotate()
    assert.equal((await call(await world.person('Alice'), 'GET', '/v1/users/me')).status, 200)
    assert.equal(world.issuer.fetches.jwks, 2)
  })
})
