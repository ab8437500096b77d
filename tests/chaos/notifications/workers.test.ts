import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../../kit/command.ts'
import { natsUrl, skipWithout } from '../../kit/engines.ts'
import { startService } from '../../kit/service.ts'
import { startTestIssuer } from '../../kit/test-issuer.ts'
import { countWorkers, workersOf } from '../../kit/workers.ts'
import { judge } from '../kit/check-history.ts'
import { type Person, people } from '../kit/people.ts'
import { report, size } from '../kit/plan.ts'
import { settingsFor } from '../kit/revivable.ts'
import { POSTGRES } from '../kit/stores.ts'
import { clientPortsOf } from './kit/client-ports.ts'
import { startSteadyLoad } from './kit/comment-load.ts'
import { watchHealth } from './kit/health-watch.ts'

const KILLS = size(6, 12)
const RELOADS = size(2, 50)
const A_SECOND = size(100, 300)
/** So few that one worker alone answers them all, also on a busy machine. */
const A_SECOND_WHEN_KILLED = 100
/** Under load between two disturbances. */
const PAUSE_MS = 500
const TIMEOUT_MS = 60_000
const FIRST_BACKOFF_MS = 100

type World = Awaited<ReturnType<typeof openWorld>>

/** A service of two workers, and two people. */
async function openWorld() {
  await using opening = new AsyncDisposableStack()
  const store = opening.use(await POSTGRES.open())
  const issuer = opening.use(await startTestIssuer())
  const env = { ...settingsFor(issuer, store.url), QUEUE_URL: natsUrl ?? '', WORKERS: '2' }
  const service = opening.use(await startService({ env }))
  const persons = (await people(issuer, 2)) as [Person, Person]
  const opened = opening.move()
  return { store, service, persons, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

const untilTwoServe = ({ service }: World) =>
  until('two workers serve', async () => (await countWorkers(service)) === 2, TIMEOUT_MS)

/** Kills the older worker. Returns the ports of the clients that were connected to it. */
async function killOne({ service }: World): Promise<ReadonlySet<number>> {
  const [victim = 0] = workersOf(service)
  process.kill(victim, 'SIGSTOP') // It takes no connection after we have looked.
  const ports = clientPortsOf(victim, service.url)
  process.kill(victim, 'SIGKILL')
  await until('it is gone', () => !workersOf(service).includes(victim))
  return ports
}

/** Exchanges both workers. */
async function reload({ service }: World): Promise<void> {
  const old = workersOf(service)
  process.kill(service.pid ?? 0, 'SIGHUP')
  const areNew = (pids: readonly number[]) => pids.length === 2 && pids.every((pid) => !old.includes(pid))
  await until('both are exchanged', () => areNew(workersOf(service)), TIMEOUT_MS)
}

describe('two workers under load', { skip: POSTGRES.skip || skipWithout('nats') }, () => {
  it(`are replaced when each is killed in turn, and fail only what that one had (${A_SECOND_WHEN_KILLED} a second)`, async (test) => {
    await using world = await openWorld()
    const { store, service, persons } = world
    await using health = watchHealth(service.healthUrl)
    await using load = startSteadyLoad(service.url, A_SECOND_WHEN_KILLED, persons)
    const cut: ReadonlySet<number>[] = []

    for (let kill = 0; kill < KILLS; kill++) {
      await untilTwoServe(world)
      await sleep(PAUSE_MS)
      cut.push(await killOne(world))
    }
    await untilTwoServe(world)
    await load.stop()
    await health.stop()

    const { acknowledged, unknown, ...verdict } = judge(load.history, await store.rows())
    const pauses = [...service.logs().matchAll(/a worker ended with SIGKILL: it is replaced in (\d+) ms/g)]
    const stats = { writes: acknowledged, failed: load.failures.length, unknown, 'health asked': health.asked() }
    report(test, { kills: KILLS, ...load.stats(), ...stats })
    assert.deepEqual(verdict, { refused: 0, lost: [], phantom: [], inconsistent: [] })
    assert.deepEqual([load.ownFaults, health.failures], [[], []])
    // The supervisor hands one connection at a time to a worker: it may have been on its way when we looked.
    const onTheWay = load.failures.filter(({ port }) => !cut.some((ports) => ports.has(port ?? 0)))
    assert.ok(onTheWay.length <= KILLS, JSON.stringify(onTheWay, null, 1))
    assert.deepEqual([...new Set(load.failures.map(({ answer }) => typeof answer))], ['string'], 'all were cut')
    assert.ok(
      cut.every((ports) => ports.size > 0),
      'each had clients',
    )
    assert.deepEqual(
      pauses.map(([, milliseconds]) => Number(milliseconds)),
      Array.from({ length: KILLS }, (_, kill) => FIRST_BACKOFF_MS * 2 ** Math.floor(kill / 2)),
    )
    assert.equal(await service.stop(), 0)
  })

  it(`are exchanged one after the other on SIGHUP, and fail no request (${A_SECOND} a second)`, async (test) => {
    await using world = await openWorld()
    const { store, service, persons } = world
    await using health = watchHealth(service.healthUrl)
    await using load = startSteadyLoad(service.url, A_SECOND, persons)

    for (let count = 0; count < RELOADS; count++) {
      await sleep(PAUSE_MS)
      await reload(world)
    }
    await load.stop()
    await health.stop()

    const { acknowledged, ...verdict } = judge(load.history, await store.rows())
    report(test, { reloads: RELOADS, ...load.stats(), writes: acknowledged, failed: load.failures.length })
    assert.deepEqual([load.ownFaults, load.failures, health.failures], [[], [], []])
    assert.deepEqual(verdict, { unknown: 0, refused: 0, lost: [], phantom: [], inconsistent: [] })
    assert.equal(await service.stop(), 0)
  })
})
