import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PRODUCT } from '../../src/patterns/product.ts'
import { until } from '../kit/command.ts'
import { natsUrl, skipWithout } from '../kit/engines.ts'
import { parseMetrics } from '../kit/metrics.ts'
import type { Person } from '../kit/people.ts'
import type { Service } from '../kit/service.ts'
import { countWorkers, workersOf } from '../kit/workers.ts'
import { ENGINES, openWorld } from './world.ts'

const [SQLITE] = ENGINES
const REQUESTS = 30
const ANSWERED = `${PRODUCT.metrics}http_request_duration_seconds_count{"method":"GET","route":"/v1/users/me","outcome":"2xx"}`

type Totals = ReadonlyMap<string, number>

/** All series that may only grow. */
async function totalsOf({ healthUrl }: Service): Promise<Totals> {
  const metrics = parseMetrics(await (await fetch(`${healthUrl}/metrics`)).text())
  return new Map(
    [...metrics]
      .filter(([, { type }]) => type !== 'gauge')
      .flatMap(([name, { samples }]) =>
        samples.map(({ labels, suffix = '', value }) => [`${name}${suffix}${JSON.stringify(labels)}`, value] as const),
      ),
  )
}

const fallen = (before: Totals, after: Totals): readonly string[] =>
  [...before]
    .filter(([series, value]) => !((after.get(series) ?? 0) >= value))
    .map(([series, value]) => `${series}: ${value}, then ${after.get(series)}`)

/** Reads the totals again and again until it is stopped. Says which ones fell. */
function watchTotals(service: Service) {
  const all: string[] = []
  let isOver = false
  const watching = (async () => {
    for (let last = await totalsOf(service); !isOver; ) {
      const next = await totalsOf(service)
      all.push(...fallen(last, next))
      last = next
    }
  })()
  return {
    async stop(): Promise<readonly string[]> {
      isOver = true
      await watching
      return all
    },
  }
}

/** Asks on new connections, which all workers take in turn. */
async function askAll({ url }: Service, { token }: Person): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, connection: 'close' }
  await Promise.all(Array.from({ length: REQUESTS }, () => fetch(`${url}/v1/users/me`, { headers })))
}

describe('the counters and histograms of two workers', { skip: skipWithout('sqlite') || skipWithout('nats') }, () => {
  it('never fall when one of them is killed and replaced', async () => {
    await using world = await openWorld(SQLITE)
    await using service = await world.start({ WORKERS: '2', QUEUE_URL: natsUrl ?? '' })
    await askAll(service, world.alice)
    const watch = watchTotals(service)
    const before = await totalsOf(service)

    process.kill(workersOf(service)[0] ?? 0, 'SIGKILL')
    await until('it is gone', async () => (await countWorkers(service)) === 1)
    await until('it is replaced', async () => (await countWorkers(service)) === 2, 30_000)
    await askAll(service, world.alice)

    assert.deepEqual(await watch.stop(), [])
    const after = await totalsOf(service)
    assert.deepEqual([before.get(ANSWERED), after.get(ANSWERED)], [REQUESTS, 2 * REQUESTS])
  })

  it('have all that an exchanged worker counted, though no request read it before', async () => {
    await using world = await openWorld(SQLITE)
    await using service = await world.start({ WORKERS: '2', QUEUE_URL: natsUrl ?? '' })
    await askAll(service, world.alice)

    process.kill(service.pid ?? 0, 'SIGHUP')
    await until('all are exchanged', () => service.logs().includes('all workers are replaced'), 40_000)

    assert.equal((await totalsOf(service)).get(ANSWERED), REQUESTS)
  })

  it('do not fall while one of them does not answer', async () => {
    await using world = await openWorld(SQLITE)
    await using service = await world.start({ WORKERS: '2', QUEUE_URL: natsUrl ?? '' })
    const [hung = 0] = workersOf(service)
    await askAll(service, world.alice)
    const before = await totalsOf(service)

    process.kill(hung, 'SIGSTOP')
    const meanwhile = await totalsOf(service)
    process.kill(hung, 'SIGCONT')

    assert.deepEqual(fallen(before, meanwhile), [])
  })
})
