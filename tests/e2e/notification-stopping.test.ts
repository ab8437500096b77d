import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { clientOf } from '../kit/client.ts'
import { listenAs } from '../kit/notification-stream.ts'
import { freePorts, startService } from '../kit/service.ts'
import { ENGINES, openWorld } from './world.ts'

const HELD_SERVICE = fileURLToPath(new URL('../kit/held-service.ts', import.meta.url))

describe('a service that has stopped with a stream of notifications', () => {
  for (const [name, engine, env] of [
    ['SQLite', ENGINES[0], {}],
    ['PostgreSQL', ENGINES[1], {}],
    [
      'Redis and NATS that are away',
      ENGINES[0],
      { CACHE_URL: 'redis://127.0.0.1:PORT', QUEUE_URL: 'nats://127.0.0.1:PORT' },
    ],
    ['a RabbitMQ that is away', ENGINES[0], { QUEUE_URL: 'amqp://127.0.0.1:PORT' }],
    ['a Kafka that is away', ENGINES[0], { QUEUE_URL: 'kafka://127.0.0.1:PORT' }],
  ] as const) {
    it(`is held by no timer, with ${name}`, { skip: engine.skip }, async () => {
      await using world = await openWorld(engine)
      const [nowhere] = await freePorts(1)
      const away = Object.entries(env).map(([setting, url]) => [setting, url.replace('PORT', String(nowhere))])
      const settings = { ...world.env, ...Object.fromEntries(away) }
      await using service = await startService({ env: settings, program: [HELD_SERVICE], directory: world.directory })
      const call = clientOf(service)
      const { body: post } = await call(world.alice, 'POST', '/v1/posts', { body: { text: 'Hello.' } })
      const stream = await listenAs(world.alice, service.url)
      await call(world.bob, 'POST', '/v1/comments', { body: { postId: post.id, text: 'Hello back.' } })

      const code = await service.stop()

      assert.equal(code, 0, service.logs())
      assert.equal(await stream.ended, 'ended')
      const holding: readonly string[] = JSON.parse(service.logs().trim().split('\n').at(-1) ?? '')
      assert.ok(!holding.includes('Timeout'), `${holding}`)
    })
  }
})
