import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import { PRODUCT } from '../../src/patterns/product.ts'
import { assertProblem } from '../kit/answers.ts'
import { clientOf } from '../kit/client.ts'
import { until } from '../kit/command.ts'
import { redisUrl, skipWithout } from '../kit/engines.ts'
import { startReaders } from '../kit/freshness.ts'
import { lockPosts } from '../kit/locked-posts.ts'
import { readStats } from '../kit/metrics.ts'
import { listenAs } from '../kit/notification-stream.ts'
import { ownEngine, skipWithoutOwn } from '../kit/own-engine.ts'
import type { Service } from '../kit/service.ts'
import { ENGINES, type Env, openWorld, type World } from './world.ts'

const [SQLITE, POSTGRES] = ENGINES
const WRITES = 100
const READERS = 4

/** Two processes of the service that share a PostgreSQL, a NATS and a Redis. */
async function openShared(more: Env = {}) {
  await using opening = new AsyncDisposableStack()
  const world = opening.use(await openWorld(POSTGRES))
  const nats = opening.use(await ownEngine('nats'))
  await nats.start()
  const services = { CACHE_URL: redisUrl ?? '', QUEUE_URL: nats.url }
  const two = opening.use(await startTwo(world, { ...services, ...more }))
  const opened = opening.move()
  return { world, ...two, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

async function startTwo({ start }: World, env: Env) {
  await using opening = new AsyncDisposableStack()
  const a = opening.use(await start(env))
  const b = opening.use(await start(env))
  const opened = opening.move()
  return { a, b, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

const statsOf = (services: readonly Service[], name: string): Promise<readonly number[]> =>
  Promise.all(services.map(async (service) => (await readStats(service))[name] ?? Number.NaN))

/** Rewrites a post at each in turn, while four read it at each without a pause. */
async function race({ alice, bob }: World, services: readonly Service[]) {
  const calls = services.map((service) => clientOf(service))
  const { headers } = (await calls[0]?.(alice, 'POST', '/v1/posts', { body: { text: '1' } })) ?? assert.fail()
  const path = headers['location'] ?? ''
  const readers = startReaders(
    calls.flatMap((call) =>
      Array.from({ length: READERS }, () => async () => (await call(bob, 'GET', path)).body.version),
    ),
  )

  for (let version = 2; version <= WRITES; version++) {
    const call = calls[version % calls.length]
    const answer = await call?.(alice, 'PUT', path, { body: { text: `${version}` } })
    assert.equal(answer?.body.version, version)
    readers.acknowledge(version)
  }
  await readers.stop()
  return { stale: readers.stale, reads: readers.reads() }
}

const skip = POSTGRES.skip || skipWithout('redis') || skipWithoutOwn('nats')

describe('two processes on one PostgreSQL, NATS and Redis', { skip }, () => {
  it('share the rate limit', async () => {
    await using shared = await openShared({ RATE_LIMIT: '4/min' })
    const somebody = await shared.world.person(randomUUID())
    const [a, b] = [clientOf(shared.a), clientOf(shared.b)]

    const left: (string | undefined)[] = []
    for (const call of [a, b, b, a]) {
      const { status, headers } = await call(somebody, 'GET', '/v1/posts')
      assert.equal(status, 200)
      left.push(/r=(\d+)/.exec(headers['ratelimit'] ?? '')?.[1])
    }

    assert.deepEqual(left, ['3', '2', '1', '0'])
    for (const call of [a, b]) assertProblem(await call(somebody, 'GET', '/v1/posts'), 429, 'rate-limited')
    assert.equal((await b(await shared.world.person(randomUUID()), 'GET', '/v1/posts')).status, 200)
  })

  it('tell of a comment on the streams of both, though one of them has handled it', async () => {
    await using shared = await openShared()
    const { a, b, world } = shared
    const { body: post } = await clientOf(a)(world.alice, 'POST', '/v1/posts', { body: { text: 'Hello.' } })
    const streams = [await listenAs(world.alice, a.url), await listenAs(world.alice, b.url)]

    const comments: string[] = []
    for (const service of [a, b, a]) {
      const body = { postId: post.id, text: 'Hello back.' }
      comments.push((await clientOf(service)(world.bob, 'POST', '/v1/comments', { body })).body.id)
    }
    for (const stream of streams) await stream.hears(3)

    for (const stream of streams) {
      assert.deepEqual(stream.comments().toSorted(), comments.toSorted())
      stream.leave()
    }
    assert.deepEqual((await statsOf([a, b], `${PRODUCT.metrics}events_handled_total`)).toSorted(), [0, 3])
  })

  it(`never give what is older than the last write, in ${WRITES} writes with ${READERS} readers each`, async () => {
    await using shared = await openShared()
    const { a, b, world } = shared
    const hasLostCache = () => [a, b].some(({ logs }) => logs().includes('the cache does not answer'))

    const { stale, reads } = await race(world, [a, b])

    assert.ok(reads > WRITES, `${reads} reads`)
    for (const hits of await statsOf([a, b], `${PRODUCT.metrics}cache_hits_total`))
      assert.ok(hits > 0, 'no copy was given')
    assert.deepEqual(hasLostCache() ? [] : stale, []) // on a machine that has no time for Redis, others may be late to hear
  })

  it('do not begin what the other one has begun under the same key', async () => {
    await using shared = await openShared()
    const { world, ...services } = shared
    const [a, b] = [clientOf(services.a), clientOf(services.b)]
    const request = { body: { text: 'Once.' }, headers: { 'idempotency-key': randomUUID() } }
    await a(world.alice, 'GET', '/v1/users/me')

    const lock = await lockPosts(world.env['DATABASE_URL'] ?? '', 'exclusive')
    const first = a(world.alice, 'POST', '/v1/posts', request)
    await until('it is in flight', async () => (await lock.waiting()) === 1)
    const second = await b(world.alice, 'POST', '/v1/posts', request)
    await lock.release()
    const answer = await first
    const third = await b(world.alice, 'POST', '/v1/posts', request)

    assertProblem(second, 409, 'idempotency-key-in-use')
    assert.ok(Number(second.headers['retry-after']) > 0)
    assert.equal(answer.status, 201)
    assert.deepEqual([third.status, third.headers['idempotency-replayed'], third.text], [201, 'true', answer.text])
    assert.equal((await b(world.bob, 'GET', '/v1/posts?count=true')).body.total, 1)
  })
})

describe('two processes on one SQLite, each with a cache and a queue of its own,', { skip: SQLITE.skip }, () => {
  it(`never give what is older than the last write, in ${WRITES} writes with ${READERS} readers each`, async () => {
    await using world = await openWorld(SQLITE)
    await using two = await startTwo(world, { CACHE_URL: 'memory:', QUEUE_URL: 'memory:' })

    const { stale, reads } = await race(world, [two.a, two.b])

    assert.ok(reads > WRITES, `${reads} reads`)
    assert.deepEqual(stale, [])
  })

  it('tell of a comment on the streams of both, though one of them has handled it', async () => {
    await using world = await openWorld(SQLITE)
    await using two = await startTwo(world, { CACHE_URL: 'memory:', QUEUE_URL: 'memory:' })
    const [a, b] = [clientOf(two.a), clientOf(two.b)]
    const { body: post } = await a(world.alice, 'POST', '/v1/posts', { body: { text: 'Hello.' } })
    const streams = [await listenAs(world.alice, two.a.url), await listenAs(world.alice, two.b.url)]

    const { body } = await b(world.bob, 'POST', '/v1/comments', { body: { postId: post.id, text: 'Hello back.' } })
    for (const stream of streams) await stream.hears(1)

    for (const stream of streams) {
      assert.deepEqual(stream.comments(), [body.id])
      stream.leave()
    }
    assert.deepEqual((await statsOf([two.a, two.b], `${PRODUCT.metrics}events_handled_total`)).toSorted(), [0, 1])
  })
})
