import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import { PRODUCT } from '../../src/patterns/product.ts'
import { assertProblem } from '../kit/answers.ts'
import { clientOf } from '../kit/client.ts'
import { until } from '../kit/command.ts'
import { startReaders } from '../kit/freshness.ts'
import { lockPosts } from '../kit/locked-posts.ts'
import type { Service } from '../kit/service.ts'
import { openShared, skipShared, startTwo, statsOf } from './two-services.ts'
import { ENGINES, openWorld, type World } from './world.ts'

const [SQLITE] = ENGINES
const WRITES = 100
const READERS = 4

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

describe('two processes on one PostgreSQL, NATS and Redis', { skip: skipShared }, () => {
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

  it(`never give what is older than the last write, in ${WRITES} writes with ${READERS} readers each`, async () => {
    await using shared = await openShared()
    const { a, b, world } = shared
    const hasLostCache = () => [a, b].some(({ logs }) => logs().includes('the cache does not answer'))

    const { stale, reads } = await race(world, [a, b])

    assert.ok(reads > WRITES, `${reads} reads`)
    for (const hits of await statsOf([a, b], `${PRODUCT.metrics}cache_hits_total`))
      assert.ok(hits > 0, 'no copy was given')
    assert.deepEqual(hasLostCache() ? [] : stale, []) // on a machine that has no time for Redis, invalidations may be late in other processes
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
})
