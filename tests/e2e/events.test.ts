import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PRODUCT } from '../../src/patterns/product.ts'
import { type Client, clientOf, statusOf } from '../kit/client.ts'
import { tracedTo } from '../kit/collector.ts'
import { runCommand, until } from '../kit/command.ts'
import { skipWithout } from '../kit/engines.ts'
import { startFaultProxy } from '../kit/fault-proxy.ts'
import { readStats } from '../kit/metrics.ts'
import { listenAs } from '../kit/notification-stream.ts'
import { ownEngine, skipWithoutOwn } from '../kit/own-engine.ts'
import type { Service } from '../kit/service.ts'
import { assertCommentTraces } from './comment-trace.ts'
import { QUEUES, type Queue } from './queues.ts'
import { ENGINES, openWorld, type World } from './world.ts'

const [, POSTGRES] = ENGINES
const COME_BACK_MS = 15_000

/** A world whose queue knows nothing of this service yet, and will not. */
async function openEventWorld(queue: Queue) {
  await using opening = new AsyncDisposableStack()
  await queue.clean() // what a run that was killed has left
  opening.defer(queue.clean)
  const world = opening.use(await openWorld(POSTGRES))
  const wire = opening.use(await startFaultProxy(new URL(queue.url)))
  const opened = opening.move()
  return {
    ...world,
    wire,
    start: (more: Readonly<Record<string, string>> = {}) => world.start({ QUEUE_URL: wire.url, ...more }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** Alice writes a post, and Bob comments on it: both, as they were answered. */
async function comment(call: Client, { alice, bob }: World) {
  const { body: post } = await call(alice, 'POST', '/v1/posts', { body: { text: 'What do you think?' } })
  const written = await call(bob, 'POST', '/v1/comments', { body: { postId: post.id, text: 'A lot, 🐯.' } })
  assert.equal(written.status, 201)
  return { post, comment: written.body }
}

/** Health as the page tells it: its status, and of each part its status and its figures. */
async function healthOf({ healthUrl }: Service) {
  const answer = await fetch(`${healthUrl}/health-check`)
  const { status, checks } = (await answer.json()) as {
    status: string
    checks: Record<string, Record<string, unknown>>
  }
  return { code: answer.status, status, queue: checks['queue'] ?? {}, outbox: checks['outbox'] ?? {} }
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

    it('tell Alice of Bob’s comment, on her stream and in her list, and figures tell of them', async () => {
      await using world = await openEventWorld(queue)
      await using service = await world.start()
      const call = clientOf(service)
      const stream = await listenAs(world.alice, service.url)

      const { post, comment: written } = await comment(call, world)
      await stream.hears(1)
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
      const told = events.find(({ type }) => type === 'comment.rewritten').data
      assert.deepEqual({ ...told }, rewritten.body)
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
      await until('Alice hears of it', () => stream.heard.length > 0, COME_BACK_MS)
      stream.leave()
      assert.deepEqual(stream.comments(), [written.id])
      await until('all is well', async () => (await healthOf(service)).status === 'up')
      assert.equal((await healthOf(service)).outbox['pending'], 0)
    })

    it('are not begun on a queue that somebody else has set up: 78, and what helps', async () => {
      await using world = await openEventWorld(queue)
      const unspoil = await queue.spoil()

      const { code, stderr } = await runCommand([], { ...world, env: { ...world.env, QUEUE_URL: queue.url } })
      await unspoil()

      assert.equal(code, 78)
      assert.match(stderr, /refuses.*\n(Compare|A queue or exchange is there with other settings)/)
    })
  })
}

describe('a queue that does not know the service', { skip: POSTGRES.skip }, () => {
  async function assertRefused(world: World, url: string): Promise<void> {
    const { code, stderr } = await runCommand([], { ...world, env: { ...world.env, QUEUE_URL: url } })

    assert.equal(code, 78)
    assert.match(stderr, /refuses.*\nCheck the user.*QUEUE_URL/)
    assert.doesNotMatch(stderr, /canary/)
  }

  const [, RABBITMQ] = QUEUES
  it('ends its start on RabbitMQ: 78, and what helps', { skip: RABBITMQ.skip }, async () => {
    await using world = await openWorld(POSTGRES)
    const url = new URL(RABBITMQ.url)
    url.password = 'canary'

    await assertRefused(world, url.href)
  })

  it('ends its start on NATS: 78, and what helps', { skip: skipWithoutOwn('nats') }, async () => {
    await using world = await openWorld(POSTGRES)
    await using server = await ownEngine('nats', { NATS_OPTIONS: '--user forum --pass sesame' })
    await server.start()
    const url = new URL(server.url)
    url.username = 'forum'

    url.password = 'canary'
    await assertRefused(world, url.href)
    url.password = 'sesame'
    await using service = await world.start({ QUEUE_URL: url.href })
    await until('all is well', async () => (await healthOf(service)).status === 'up')
  })
})
