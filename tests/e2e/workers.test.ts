import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { PRODUCT } from '../../src/patterns/product.ts'
import { clientOf } from '../kit/client.ts'
import { until } from '../kit/command.ts'
import { natsUrl, skipWithout } from '../kit/engines.ts'
import { readStats } from '../kit/metrics.ts'
import type { Person } from '../kit/people.ts'
import type { Service } from '../kit/service.ts'
import { countWorkers, workersOf } from '../kit/workers.ts'
import { ENGINES, openWorld, type World } from './world.ts'

const skip = skipWithout('postgres') || skipWithout('nats')
const [, POSTGRES] = ENGINES
const EVERY_MS = 5
const PAUSE_MS = 300
const TIMEOUT_MS = 10_000

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
      await sleep(EVERY_MS)
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

/** The status that a request on a connection of its own gets, or '', once the connection is closed. */
function openRequest({ url }: Service, { token }: Person): Promise<readonly [status: string, end: string]> {
  const { promise, resolve } = Promise.withResolvers<readonly [string, string]>()
  const socket = connect(Number(new URL(url).port), '127.0.0.1').setTimeout(TIMEOUT_MS)
  let answer = ''
  const end = (how: string) => () => {
    resolve([answer.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length), how])
    socket.destroy()
  }
  socket.setEncoding('utf8').on('data', (text) => {
    answer += text
  })
  socket
    .on('error', () => {})
    .on('close', end('closed'))
    .on('timeout', end('still open'))
  const head = ['GET /v1/users/me HTTP/1.1', 'Host: localhost', `Authorization: Bearer ${token}`, 'Connection: close']
  socket.write([...head, '', ''].join('\r\n'))
  return promise
}

async function statusOf(agent: Agent, url: string): Promise<number> {
  const [answer] = (await once(get(url, { agent }), 'response')) as [IncomingMessage]
  await once(answer.resume(), 'end')
  return answer.statusCode ?? 0
}

type Checks = Readonly<Record<string, Readonly<Record<string, unknown>>>>

const checksOf = async ({ healthUrl }: Service): Promise<Checks> =>
  ((await (await fetch(`${healthUrl}/health-check`)).json()) as { checks: Checks }).checks

describe('two workers', { skip }, () => {
  it('share the ports, and are shown as one', async () => {
    await using world = await openWorld(POSTGRES)
    await using service = await world.start({ WORKERS: '2', QUEUE_URL: natsUrl ?? '' })

    assert.equal(workersOf(service).length, 2)
    assert.equal(await countWorkers(service), 2)
    assert.equal((await fetch(`${service.healthUrl}/health-check`)).status, 200)
    assert.equal(await service.stop(), 0)
  })

  it('are replaced when they are killed', async () => {
    await using world = await openWorld(POSTGRES)
    await using service = await world.start({ WORKERS: '2', QUEUE_URL: natsUrl ?? '' })
    const [victim = 0] = workersOf(service)

    process.kill(victim, 'SIGKILL')
    await until('the worker is gone', async () => (await countWorkers(service)) === 1)
    assert.equal((await fetch(`${service.healthUrl}/ready`)).status, 200)
    await until('it is replaced', async () => (await countWorkers(service)) === 2, 20_000)

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

  for (const [index, which] of ['that is exchanged', 'that is not exchanged yet'].entries()) {
    it(`are still two when one ${which} is killed meanwhile`, async () => {
      await using world = await openWorld(POSTGRES)
      await using service = await world.start({ WORKERS: '2', QUEUE_URL: natsUrl ?? '' })
      const old = workersOf(service)

      process.kill(service.pid ?? 0, 'SIGHUP')
      await until('a successor starts', () => workersOf(service).length === 3)
      process.kill(old[index] ?? 0, 'SIGKILL')
      await until('all are exchanged', () => service.logs().includes('all workers are replaced'), 40_000)

      await until('two serve', async () => (await countWorkers(service)) === 2, 20_000)
      assert.equal(workersOf(service).length, 2)
      assert.equal(await service.stop(), 0)
    })
  }

  it('close a connection that one of them was given and did not take before it was killed', async () => {
    await using world = await openWorld(POSTGRES)
    await using service = await world.start({ WORKERS: '2', QUEUE_URL: natsUrl ?? '' })
    const [victim = 0] = workersOf(service)
    let answered = 0

    process.kill(victim, 'SIGSTOP')
    const connections = Array.from({ length: 4 }, () => openRequest(service, world.alice))
    for (const connection of connections) connection.then(([answer]) => answer !== '' && answered++)
    await until('the other one answers', () => answered === 3)
    process.kill(victim, 'SIGKILL')

    const answers = (await Promise.all(connections)).map(([answer, end]) => `${answer} ${end}`)
    assert.deepEqual(answers.sort(), [' closed', ...Array.from({ length: 3 }, () => '200 closed')])
  })

  it('outlive one that is killed while the supervisor asks it', async () => {
    await using world = await openWorld(POSTGRES)
    await using service = await world.start({ WORKERS: '2', QUEUE_URL: natsUrl ?? '' })
    const [victim = 0, supervisor = 0] = [workersOf(service)[0], service.pid]
    const agent = new Agent({ keepAlive: true })
    await statusOf(agent, `${service.healthUrl}/health-check`)

    process.kill(supervisor, 'SIGSTOP')
    const asked = statusOf(agent, `${service.healthUrl}/health-check`)
    await sleep(PAUSE_MS)
    process.kill(victim, 'SIGKILL')
    process.kill(supervisor, 'SIGCONT')

    assert.equal(await asked, 200)
    await until('it is replaced', async () => (await countWorkers(service)) === 2, 20_000)
    agent.destroy()
  })

  it('report their statistics together', async () => {
    await using world = await openWorld(POSTGRES)
    await using service = await world.start({ WORKERS: '2', QUEUE_URL: natsUrl ?? '' })
    const load = startWriting(world, service)
    await sleep(PAUSE_MS)
    const { written } = await load.stop()
    await until('all is published', async () => (await checksOf(service))['outbox']?.['pending'] === 0)

    const all = await Promise.all(Array.from({ length: 10 }, () => checksOf(service)))
    const published = (await readStats(service))[`${PRODUCT.metrics}events_published_total`] ?? 0
    assert.ok(published >= written)
    for (const { queue } of all) assert.equal(queue?.['published'], published)
  })
})
