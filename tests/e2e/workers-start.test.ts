import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { PRODUCT } from '../../src/patterns/product.ts'
import { clientOf } from '../kit/client.ts'
import { startCommand, until } from '../kit/command.ts'
import { natsUrl, skipWithout } from '../kit/engines.ts'
import { startFaultProxy } from '../kit/fault-proxy.ts'
import { freePorts, type Service } from '../kit/service.ts'
import { countWorkers, workersOf } from '../kit/workers.ts'
import { ENGINES, type Env, openWorld, type World } from './world.ts'

const [SQLITE, POSTGRES] = ENGINES
const WORKERS = { WORKERS: '2', QUEUE_URL: natsUrl ?? '' }
const FAILED_STARTS = 4
const TIMEOUT_MS = 120_000
/** A start waits longer for its database. */
const SOON_MS = 15_000
const FUTURE = '9999_from-the-future'

const databaseIn = ({ directory }: World) =>
  new DatabaseSync(join(directory, 'data', `${PRODUCT.service}.db`), { timeout: 10_000 })

/** As if newer code had migrated the database: who runs goes on, but none of this code starts any more. */
function age(world: World): Disposable {
  const change = (statement: string, ...values: readonly string[]) => {
    using database = databaseIn(world)
    database.prepare(statement).run(...values)
  }
  change('insert into schema_migrations (name, checksum, applied_at) values (?, ?, 0)', FUTURE, '-')
  return { [Symbol.dispose]: () => change('delete from schema_migrations where name = ?', FUTURE) }
}

/** A service that is not waited for, and all that it writes. */
async function startUnready({ directory, env }: World, more: Env) {
  const [http, health] = (await freePorts(2)).map(String) as [string, string]
  const ports = { HTTP_PORT: http, HEALTH_PORT: health, LOG_FORMAT: 'ecs' }
  return startCommand([], { directory, env: { ...env, ...ports, ...WORKERS, ...more } })
}

const messagesIn = (output: string): readonly string[] =>
  output.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line).message as string] : []))

const pausesIn = (service: Service): readonly number[] =>
  messagesIn(service.logs()).flatMap((message) => {
    const [, pause] = /^a worker (?:ended|could not start) .* in (\d+) ms$/.exec(message) ?? []
    return pause === undefined ? [] : [Number(pause)]
  })

async function killOne(service: Service): Promise<void> {
  const [victim = 0] = workersOf(service)
  process.kill(victim, 'SIGKILL')
  await until('it is gone', () => !workersOf(service).includes(victim))
}

/** Kills a worker while its database cannot be reached: its successor waits for it. */
async function replaceOneWhileAway(service: Service, wire: Awaited<ReturnType<typeof startFaultProxy>>): Promise<void> {
  await wire.set('refuse')
  await killOne(service)
  await until('its successor waits', () => service.logs().includes('waiting for'), TIMEOUT_MS)
}

describe('a worker that cannot start', { skip: SQLITE.skip || skipWithout('nats') }, () => {
  it('ends the first start with its code and one sentence: a port is in use', async () => {
    await using world = await openWorld(SQLITE)
    const other = createServer().listen(0, '127.0.0.1').unref()
    await once(other, 'listening')
    const port = String((other.address() as { port: number }).port)
    await using service = await startUnready(world, { HTTP_PORT: port })

    assert.deepEqual([await service.ended(TIMEOUT_MS), service.stderr()], [1, `HTTP_PORT ${port} is in use\n`])
    other.close()
  })

  it('ends the first start with its code and one sentence: the database is newer', async () => {
    await using world = await openWorld(SQLITE)
    await (await world.start()).stop()
    using _aged = age(world)
    await using service = await startUnready(world, { DATABASE_AUTO_MIGRATE: 'false' })

    assert.equal(await service.ended(TIMEOUT_MS), 78)
    assert.equal(
      service.stderr(),
      `The database is newer than this code, which does not know migration ${FUTURE}.\nRun newer code.\n`,
    )
  })

  it('is tried again after growing pauses, while the other one serves', async () => {
    await using world = await openWorld(SQLITE)
    await using service = await world.start(WORKERS)
    const call = clientOf(service)
    const isServed = async () => (await call(world.alice, 'GET', '/v1/users/me')).status === 200
    const aged = age(world)

    await killOne(service)
    await until('it was tried', () => pausesIn(service).length > FAILED_STARTS, TIMEOUT_MS)
    assert.ok(await isServed())
    assert.equal((await fetch(`${service.healthUrl}/ready`)).status, 200)
    assert.deepEqual(pausesIn(service).slice(0, FAILED_STARTS + 1), [100, 200, 400, 800, 1_600])
    assert.match(service.logs(), /a worker could not start and ended with 78: another one is started in 200 ms/)

    aged[Symbol.dispose]()
    await until('it is replaced', async () => (await countWorkers(service)) === 2, TIMEOUT_MS)
    assert.equal(await service.stop(), 0)
  })

  it('leaves the old ones where they are to be exchanged', async () => {
    await using world = await openWorld(SQLITE)
    await using service = await world.start(WORKERS)
    const old = workersOf(service)
    using _aged = age(world)

    process.kill(service.pid ?? 0, 'SIGHUP')
    await until('it was tried', () => service.logs().includes('a new worker ended with 78'), TIMEOUT_MS)

    assert.match(service.logs(), /a new worker ended with 78: the old workers stay/)
    assert.deepEqual(workersOf(service), old)
    assert.equal((await clientOf(service)(world.alice, 'GET', '/v1/users/me')).status, 200)
  })
})

describe('a worker that waits for its database', { skip: POSTGRES.skip || skipWithout('nats') }, () => {
  it('and is killed ends the first start with 1 and one sentence', async () => {
    await using world = await openWorld(POSTGRES)
    await using wire = await startFaultProxy(new URL(world.env['DATABASE_URL'] ?? ''))
    await wire.set('refuse')
    await using service = await startUnready(world, { DATABASE_URL: wire.url, DATABASE_AUTO_MIGRATE: 'false' })
    await until('it waits', () => service.stdout().includes('waiting for'), TIMEOUT_MS)

    process.kill(workersOf({ pid: service.child.pid })[0] ?? 0, 'SIGKILL')

    assert.equal(await service.ended(TIMEOUT_MS), 1)
    const errors = messagesIn(service.stdout()).filter((message) => message.startsWith('a worker'))
    assert.deepEqual([errors, service.stderr()], [['a worker could not start: it was ended by SIGKILL'], ''])
  })

  it('does not hold up the end of the service', async () => {
    await using world = await openWorld(POSTGRES)
    await using wire = await startFaultProxy(new URL(world.env['DATABASE_URL'] ?? ''))
    await using service = await world.start({ ...WORKERS, DATABASE_URL: wire.url })

    await replaceOneWhileAway(service, wire)
    const began = performance.now()

    assert.equal(await service.stop(), 0)
    assert.ok(performance.now() - began < SOON_MS)
    assert.doesNotMatch(service.logs(), /could not start/)
  })

  it('is tried again after it was ended by a signal', async () => {
    await using world = await openWorld(POSTGRES)
    await using wire = await startFaultProxy(new URL(world.env['DATABASE_URL'] ?? ''))
    await using service = await world.start({ ...WORKERS, DATABASE_URL: wire.url })

    await replaceOneWhileAway(service, wire)
    process.kill(workersOf(service)[1] ?? 0, 'SIGTERM')
    await until('it was ended', () => service.logs().includes('another one is started'), TIMEOUT_MS)
    await wire.set('pass')

    await until('it is replaced', async () => (await countWorkers(service)) === 2, TIMEOUT_MS)
    assert.equal(await service.stop(), 0)
  })
})
