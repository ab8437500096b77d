import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PRODUCT } from '../../src/patterns/product.ts'
import { clientOf } from '../kit/client.ts'
import { listenAs } from '../kit/notification-stream.ts'
import { openShared, skipShared, startTwo, statsOf } from './two-services.ts'
import { ENGINES, openWorld } from './world.ts'

const [SQLITE] = ENGINES

describe('two processes on one PostgreSQL, NATS and Redis', { skip: skipShared }, () => {
  it('send a comment on the streams of both, though one of them has handled it', async () => {
    await using shared = await openShared()
    const { a, b, world } = shared
    const { body: post } = await clientOf(a)(world.alice, 'POST', '/v1/posts', { body: { text: 'Hello.' } })
    const streams = [await listenAs(world.alice, a.url), await listenAs(world.alice, b.url)]

    const comments: string[] = []
    for (const service of [a, b, a]) {
      const body = { postId: post.id, text: 'Hello back.' }
      comments.push((await clientOf(service)(world.bob, 'POST', '/v1/comments', { body })).body.id)
    }
    for (const stream of streams) await stream.receives(3)

    for (const stream of streams) {
      assert.deepEqual(stream.comments().toSorted(), comments.toSorted())
      stream.leave()
    }
    assert.deepEqual((await statsOf([a, b], `${PRODUCT.metrics}events_handled_total`)).toSorted(), [0, 3])
  })
})

describe('two processes on one SQLite, each with a cache and a queue of its own,', { skip: SQLITE.skip }, () => {
  it('send a comment on the streams of both, though one of them has handled it', async () => {
    await using world = await openWorld(SQLITE)
    await using two = await startTwo(world, { CACHE_URL: 'memory:', QUEUE_URL: 'memory:' })
    const [a, b] = [clientOf(two.a), clientOf(two.b)]
    const { body: post } = await a(world.alice, 'POST', '/v1/posts', { body: { text: 'Hello.' } })
    const streams = [await listenAs(world.alice, two.a.url), await listenAs(world.alice, two.b.url)]

    const { body } = await b(world.bob, 'POST', '/v1/comments', { body: { postId: post.id, text: 'Hello back.' } })
    for (const stream of streams) await stream.receives(1)

    for (const stream of streams) {
      assert.deepEqual(stream.comments(), [body.id])
      stream.leave()
    }
    assert.deepEqual((await statsOf([two.a, two.b], `${PRODUCT.metrics}events_handled_total`)).toSorted(), [0, 1])
  })
})
