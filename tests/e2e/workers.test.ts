import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { clientOf } from '../kit/client.ts'
import { until } from '../kit/command.ts'
import { natsUrl, skipWithout } from '../kit/engines.ts'
import { readStats } from '../kit/metrics.ts'
import type { Service } from '../kit/service.ts'
import { ENGINES, openWorld, type World } from './world.ts'

const skip = skipWithout('postgres') || skipWithout('nats')
const [, POSTGRES] = ENGINES
const PAUSE_MS = 5

const workersOf = ({ pid }: Service): readonly number[] =>
  execFileSync('ps', ['--ppid', String(pid), '-o', 'pid='], { encoding: 'utf8' })
    .trim()
    .split(/\s+/)
    .map(Number)

const countOf = async (service: Service): Promise<number> => (await readStats(service))['forum_workers'] ?? 0

/** Writes one after the other until it is stopped, and says how many were not answered with 201. */
function startWriting({ alice }: World, service: Service) {
  const call = clientOf(service)
  let [isOver, written, failed] = [false, 0, 0]
  const writing = (async () => {
    while (!isOver) {
      const status = await call(alice, 'POST', '/v1/posts', { body: { text: 'Hello.' } }).then(
        (answer) => answer.status,
        () => 0,
      )
      if (status === 201) written++
      else failed++
      await sleep(PAUSE_MS)
    }
  })()
  return {
    async stop() {
      isOver = true
      await writing
      return { written, failed }
    },
  }
}

describe('two workers', { skip }, () => {
  it('share the ports, and are told of as one', async () => {
    await using world = await openWorld(POSTGRES)
    await using service = await world.start({ WORKERS: '2', QUEUE_URL: natsUrl ?? '' })

    assert.equal(workersOf(service).length, 2)
    assert.equal(await countOf(service), 2)
    assert.equal((await fetch(`${service.healthUrl}/health-check`)).status, 200)
    assert.equal(await service.stop(), 0)
  })

  it('are replaced when they are killed', async () => {
    await using world = await openWorld(POSTGRES)
    await using service = await world.start({ WORKERS: '2', QUEUE_URL: natsUrl ?? '' })
    const [victim = 0] = workersOf(service)

    process.kill(victim, 'SIGKILL')
    await until('the worker is gone', async () => (await countOf(service)) === 1)
    assert.equal((await fetch(`${service.healthUrl}/ready`)).status, 200)
    await until('it is replaced', async () => (await countOf(service)) === 2, 20_000)

    assert.ok(!workersOf(service).includes(victim))
    assert.match(service.logs(), /a worker ended with SIGKILL: it is replaced/)
  })

  it('are exchanged on SIGHUP without a request that fails', async () => {
    await using world = await openWorld(POSTGRES)
    await using service = await world.start({ WORKERS: '2', QUEUE_URL: natsUrl ?? '' })
    const old = workersOf(service)
    const load = startWriting(world, service)

    process.kill(service.pid ?? 0, 'SIGHUP')
    await until('all are exchanged', () => service.logs().includes('all workers are replaced'), 40_000)
    const { written, failed } = await load.stop()

    assert.ok(written > 0)
    assert.equal(failed, 0)
    assert.deepEqual(
      workersOf(service).filter((pid) => old.includes(pid)),
      [],
    )
  })
})
