import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PRODUCT } from '../../src/patterns/product.ts'
import { type Client, clientOf, statusOf } from '../kit/client.ts'
import { tracedTo } from '../kit/collector.ts'
import { until } from '../kit/command.ts'
import { skipWithout } from '../kit/engines.ts'
import { readStats } from '../kit/metrics.ts'
import { listenAs } from '../kit/notification-stream.ts'
import { assertCommentTraces } from './comment-trace.ts'
import { healthOf, openEventWorld, POSTGRES } from './event-queues.ts'
import { QUEUES } from './queues.ts'
import type { World } from './world.ts'

const COME_BACK_MS = 15_000

/** Alice writes a post, and Bob comments on it: both, as they were answered. */
async function comment(call: Client, { alice, bob }: World) {
  const { body: post } = await call(alice, 'POST', '/v1/posts', { body: { text: 'What do you think?' } })
  const written = await call(bob, 'POST', '/v1/comments', { body: { postId: post.id, text: 'A lot, 🐯.' } })
  assert.equal(written.status, 201)
  return { post, comment: written.body }
}

for (const queue of QUEUES) {
  describe(`events on PostgreSQL and ${queue.name}`, { skip: POSTGRES.skip || queue.skip }, () => {
    it('show a comment and its notification as one trace, from REST and from gRPC', {
      skip: skipWithout('otel'),
    }, async () => {
      await using world = await openEventWorld(queue)
      await using service = await world.start(tracedTo())

      await assertCommentTraces(service, world, queue.name.toLowerCase())
    })

    it('notify Alice of Bob’s comment, on her stream and in her list, and metrics count them', async () => {
      await using world = await openEventWorld(queue)
      await using service = await world.start()
      const call = clientOf(service)
      const stream = await listenAs(world.alice, service.url)

      const { post, comment: written } = await comment(call, world)
      await stream.receives(1)
      stream.leave()

      const { body } = await call(world.alice, 'GET', '/v1/notifications')
      assert.deepEqual(stream.comments(), [written.id])
      assert.deepEqual(
        body.items.map((item) => ({ ...item, id: '', createdAt: '' })),
        [
          {
            id: '',
            type: 'comment.written',
            postId: post.id,
            commentId: written.id,
            authorId: world.bob.id,
            createdAt: '',
            readAt: null,
          },
        ],
      )
      await until('all is published', async () => (await readStats(service))[`${PRODUCT.metrics}outbox_pending`] === 0)
      const { code, status, queue: part, outbox } = await healthOf(service)
      assert.deepEqual([code, status, part['status'], outbox['status']], [200, 'up', 'up', 'up'])
      assert.deepEqual([part['published'], part['deadLetters'], outbox['pending']], [4, 0, 0])
      const stats = await readStats(service)
      assert.equal(stats[`${PRODUCT.metrics}events_published_total`], 4)
      assert.equal(stats[`${PRODUCT.metrics}events_handled_total`], 1)
    })

    it('are CloudEvents, on topics that say whose they are, in order', async () => {
      await using world = await openEventWorld(queue)
      await using service = await world.start()
      await using probe = await queue.probe()
      const call = clientOf(service)

      const { post, comment: written } = await comment(call, world)
      const change = { body: { text: 'Changed my mind.' } }
      const rewritten = await call(world.bob, 'PUT', `/v1/comments/${written.id}`, change)
      await call(world.alice, 'DELETE', `/v1/posts/${post.id}`)
      await until('all is published', () => probe.published.length >= 7)

      const events = probe.published.map(({ body }) => JSON.parse(body))
      for (const { topic } of probe.published) assert.ok(topic.startsWith(`${PRODUCT.namespace}.`), topic)
      for (const event of events) {
        assert.deepEqual([event.specversion, event.datacontenttype], ['1.0', 'application/json'])
        assert.match(event.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
        assert.equal(event.data.id, event.subject)
        assert.ok(event.source)
      }
      assert.equal(new Set(events.map(({ id }) => id)).size, 7)
      const storyOf = (id: string) =>
        events.filter(({ subject }) => subject === id).map(({ type, data }) => `${type} ${data.version}`)
      assert.deepEqual(storyOf(world.alice.id), ['user.registered 1'])
      assert.deepEqual(storyOf(post.id), ['post.written 1', 'post.removed 2'])
      assert.deepEqual(storyOf(written.id), ['comment.written 1', 'comment.rewritten 2', 'comment.removed 3'])
      const payload = events.find(({ type }) => type === 'comment.rewritten').data
      assert.deepEqual({ ...payload }, rewritten.body)
    })

    it('wait while the queue is away, and nothing else does', async () => {
      await using world = await openEventWorld(queue)
      await world.wire.set('refuse')
      await using service = await world.start()
      const call = clientOf(service)

      const { comment: written } = await comment(call, world)
      assert.equal(await statusOf(`${service.healthUrl}/ready`), 200)
      const away = await healthOf(service)
      assert.deepEqual([away.code, away.status, away.queue['status']], [200, 'degraded', 'down'])
      assert.equal(away.outbox['pending'], 4)
      assert.ok(Number(away.outbox['oldestAgeSeconds']) > 0)

      await world.wire.set('pass')
      const stream = await listenAs(world.alice, service.url, '00000000-0000-0000-0000-000000000000')
      await until('Alice receives it', () => stream.received.length > 0, COME_BACK_MS)
      stream.leave()
      assert.deepEqual(stream.comments(), [written.id])
      await until('all is well', async () => (await healthOf(service)).status === 'up')
      assert.equal((await healthOf(service)).outbox['pending'], 0)
    })
  })
}
