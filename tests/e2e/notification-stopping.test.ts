import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { clientOf } from '../kit/client.ts'
import { listenAs } from '../kit/notification-stream.ts'
import { openHeldService, PLACES } from './held-services.ts'

describe('a service that has stopped with a stream of notifications', () => {
  for (const [name, engine, env] of PLACES) {
    it(`is held by no timer, with ${name}`, { skip: engine.skip }, async () => {
      await using held = await openHeldService(engine, env)
      const { world, service } = held
      const call = clientOf(service)
      const { body: post } = await call(world.alice, 'POST', '/v1/posts', { body: { text: 'Hello.' } })
      const stream = await listenAs(world.alice, service.url)
      await call(world.bob, 'POST', '/v1/comments', { body: { postId: post.id, text: 'Hello back.' } })

      await held.assertEndsWithoutTimer()
      assert.equal(await stream.ended, 'ended')
    })
  }
})
