import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { clientOf, statusOf } from '../kit/client.ts'
import { freshDirectory, startCommand, until } from '../kit/command.ts'
import type { Person } from '../kit/people.ts'
import { freePorts, type Service } from '../kit/service.ts'
import { openHeldService, PLACES } from './held-services.ts'
import { ENGINES, openWorld } from './world.ts'

const BODY = '{"text":"Slow, but sure."}'

/**
 * A request that is in flight until it is finished: the service has its head, and half of its body is missing. The caller
 * keeps its connection.
 */
async function beginWriting({ url }: Service, { token }: Person) {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1' })
  await once(socket, 'connect')
  const received: string[] = []
  socket
    .setEncoding('utf8')
    .on('data', (text: string) => received.push(text))
    .on('error', () => {})
  const head = [
    'POST /v1/posts HTTP/1.1',
    'Host: forum',
    `Authorization: Bearer ${token}`,
    'Content-Type: application/json',
    'Expect: 100-continue',
  ]
  socket.write(`${head.join('\r\n')}\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY.slice(0, 9)}`)
  await until('the service has its head', () => received.join('').startsWith('HTTP/1.1 100 '))
  received.length = 0

  return {
    answer: () => received.join(''),
    finish: () => socket.write(BODY.slice(9)),
    [Symbol.dispose]: () => socket.destroy(),
  }
}

const signal = ({ pid }: Service, name: NodeJS.Signals) => process.kill(Number(pid), name)

async function secondsUntilEnd({ ended }: Service): Promise<readonly [code: number | null, seconds: number]> {
  const start = performance.now()
  const code = await Promise.race([ended, sleep(20_000, -1, { ref: false })])
  return [code, (performance.now() - start) / 1000]
}

for (const engine of ENGINES) {
  describe(`stopping on ${engine.name}`, { skip: engine.skip }, () => {
    it('says so first, answers everyone meanwhile, finishes what it has begun, and ends with 0', async () => {
      await using world = await openWorld(engine)
      await using service = await world.start({ SHUTDOWN_DELAY: '1500ms', SHUTDOWN_TIMEOUT: '15s' })
      const call = clientOf(service)
      await call(world.alice, 'GET', '/v1/users/me')
      using slow = await beginWriting(service, world.alice)

      signal(service, 'SIGTERM')
      await until('it is not ready', async () => (await statusOf(`${service.healthUrl}/ready`)) === 503)
      assert.equal(await statusOf(`${service.healthUrl}/live`), 200)
      const { status, headers } = await call(world.alice, 'GET', '/v1/posts')
      assert.deepEqual([status, headers['connection']], [200, 'close'])

      await until('it takes nobody new', () =>
        fetch(service.url).then(
          () => false,
          () => true,
        ),
      )
      assert.equal(await statusOf(`${service.healthUrl}/ready`), 503)
      slow.finish()
      const [code, seconds] = await secondsUntilEnd(service)

      assert.match(slow.answer(), /^HTTP\/1\.1 201 /)
      assert.equal(code, 0, service.logs())
      assert.ok(seconds < 5, `${seconds} s after the last answer, though its caller keeps the connection`)
    })
  })
}

describe('stopping', () => {
  const SQLITE = ENGINES[0]

  for (const [name, code] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    it(`ends at once at a second ${name}: ${code}`, async () => {
      await using world = await openWorld(SQLITE)
      await using service = await world.start()
      using _slow = await beginWriting(service, world.alice)

      signal(service, name)
      await until('it is not ready', async () => (await statusOf(`${service.healthUrl}/ready`)) !== 200)
      signal(service, name)
      const [ended, seconds] = await secondsUntilEnd(service)

      assert.equal(ended, code)
      assert.ok(seconds < 2, `${seconds} s`)
    })
  }

  it('cuts off what takes longer than it may, and says so: 1', async () => {
    await using world = await openWorld(SQLITE)
    await using service = await world.start({ SHUTDOWN_TIMEOUT: '500ms' })
    using _slow = await beginWriting(service, world.alice)

    signal(service, 'SIGTERM')
    const [code, seconds] = await secondsUntilEnd(service)

    assert.equal(code, 1)
    assert.ok(seconds < 4, `${seconds} s`)
    assert.match(service.logs(), /SHUTDOWN_TIMEOUT/)
  })

  it('answers 408 to a request that stays half sent, fails readiness until then, and ends with 0', async () => {
    await using world = await openWorld(SQLITE)
    await using service = await world.start()
    using slow = await beginWriting(service, world.alice)
    const ended = secondsUntilEnd(service)

    signal(service, 'SIGTERM')
    await until('it takes nobody new', async () => (await statusOf(service.url)) === null)
    const pages = ['ready', 'live', 'health-check', 'metrics'].map((page) => statusOf(`${service.healthUrl}/${page}`))
    assert.deepEqual(await Promise.all(pages), [503, 200, 503, 200])
    await until('it has answered', () => slow.answer() !== '', 15_000)
    const [code, seconds] = await ended

    assert.match(slow.answer(), /^HTTP\/1\.1 408 /)
    assert.equal(code, 0, service.logs())
    assert.ok(seconds < 14, `${seconds} s`)
  })

  it('does not wait for callers who only keep their connection: 0', async () => {
    await using world = await openWorld(SQLITE)
    await using service = await world.start()
    const call = clientOf(service)
    await Promise.all(Array.from({ length: 20 }, () => call(world.alice, 'GET', '/v1/posts')))

    signal(service, 'SIGTERM')
    const [code, seconds] = await secondsUntilEnd(service)

    assert.equal(code, 0)
    assert.ok(seconds < 2, `${seconds} s`)
  })

  it('while it is starting, alive but not ready, ends with 0', async () => {
    await using place = await freshDirectory()
    const [nowhere, port, health] = (await freePorts(3)).map(String) as [string, string, string]
    const DATABASE_URL = `postgres://nobody@127.0.0.1:${nowhere}/nothing`
    const env = { DATABASE_URL, HTTP_PORT: port, HEALTH_PORT: health }
    await using started = startCommand(['serve'], { ...place, env })

    await until('it is alive', async () => (await statusOf(`http://127.0.0.1:${health}/live`)) === 200)
    assert.equal(await statusOf(`http://127.0.0.1:${health}/ready`), 503)
    started.child.kill('SIGTERM')

    assert.equal(await started.ended(5_000), 0)
  })
})

describe('a service that has stopped', { concurrency: 2 }, () => {
  for (const [name, engine, env] of PLACES) {
    it(`is held by no timer, with ${name}`, { skip: engine.skip }, async () => {
      await using held = await openHeldService(engine, env)
      await clientOf(held.service)(held.world.alice, 'POST', '/v1/posts', { body: { text: 'Hello.' } })

      await held.assertEndsWithoutTimer()
    })
  }
})
