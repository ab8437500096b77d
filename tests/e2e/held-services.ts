import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { freePorts, startService } from '../kit/service.ts'
import { ENGINES, openWorld } from './world.ts'

const HELD_SERVICE = fileURLToPath(new URL('../kit/held-service.ts', import.meta.url))

/** Databases that are there, and other servers that are away: no process listens on `PORT`. */
export const PLACES = [
  ['SQLite', ENGINES[0], {}],
  ['PostgreSQL', ENGINES[1], {}],
  [
    'Redis and NATS that are away',
    ENGINES[0],
    { CACHE_URL: 'redis://127.0.0.1:PORT', QUEUE_URL: 'nats://127.0.0.1:PORT' },
  ],
  ['a RabbitMQ that is away', ENGINES[0], { QUEUE_URL: 'amqp://127.0.0.1:PORT' }],
  ['a Kafka that is away', ENGINES[0], { QUEUE_URL: 'kafka://127.0.0.1:PORT' }],
] as const

/** A service in one of these places whose process says in the end what still holds it. */
export async function openHeldService(engine: (typeof ENGINES)[number], env: Readonly<Record<string, string>>) {
  await using opening = new AsyncDisposableStack()
  const world = opening.use(await openWorld(engine))
  const [nowhere] = await freePorts(1)
  const away = Object.entries(env).map(([setting, url]) => [setting, url.replace('PORT', String(nowhere))])
  const settings = { ...world.env, ...Object.fromEntries(away) }
  const service = opening.use(
    await startService({ env: settings, program: [HELD_SERVICE], directory: world.directory }),
  )
  const opened = opening.move()
  return {
    world,
    service,

    async assertEndsWithoutTimer(): Promise<void> {
      assert.equal(await service.stop(), 0, service.logs())
      const holding: readonly string[] = JSON.parse(service.logs().trim().split('\n').at(-1) ?? '')
      assert.ok(!holding.includes('Timeout'), `${holding}`)
    },

    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}
