import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cache } from '../../src/infrastructures/cache/cache.ts'
import { memoryCache } from '../../src/infrastructures/cache/memory/memory-cache.ts'
import { openRedis } from '../../src/infrastructures/cache/redis/redis-cache.ts'
import { assertProblem } from '../kit/answers.ts'
import { redisUrl, skipWithout } from '../kit/engines.ts'
import { type Fault, startFaultProxy } from '../kit/fault-proxy.ts'
import { openForum } from '../kit/http.ts'
import { skipWithoutOwn } from '../kit/own-engine.ts'
import type { Person } from '../kit/people.ts'
import { startRedisServer } from '../kit/redis-server.ts'

const RATE_LIMIT = { requests: 3, seconds: 60 }
const NOT_A_TOKEN = { headers: { authorization: 'Bearer x.y.z' } }

describe('the rate limit', () => {
  it('is in the headers of each answer, and refuses more', async () => {
    await using forum = await openForum({ rateLimit: RATE_LIMIT })
    const ask = () => forum.call(forum.alice, 'GET', '/v1/posts')

    for (const left of [2, 1, 0]) {
      const { status, headers } = await ask()
      assert.equal(status, 200)
      assert.equal(headers['ratelimit-policy'], '"default";q=3;w=60')
      assert.match(headers['ratelimit'] ?? '', new RegExp(`^"default";r=${left};t=(60|59)$`))
    }
    const refused = await ask()

    assertProblem(refused, 429, 'rate-limited')
    assert.match(refused.headers['ratelimit'] ?? '', /^"default";r=0;t=(60|59)$/)
    assert.ok(Number(refused.headers['retry-after']) > 50)
  })

  it('is one for all routes, refused requests count too, and none is done', async () => {
    await using forum = await openForum({ rateLimit: RATE_LIMIT })
    const { alice, call } = forum
    await call(alice, 'GET', '/v1/users/me')
    await call(alice, 'POST', '/v1/posts', { body: {} })
    await call(alice, 'GET', '/v1/posts?limit=0')
    const before = forum.hash()

    assertProblem(await call(alice, 'POST', '/v1/posts', { body: { text: 'Hello.' } }), 429, 'rate-limited')
    assert.equal(forum.hash(), before)
  })

  it('is of each subject: others are not affected, at the same address either', async () => {
    await using forum = await openForum({ rateLimit: RATE_LIMIT })
    const ask = (who: Person) => forum.call(who, 'GET', '/v1/posts')
    for (let i = 0; i < 10; i++) await ask(forum.alice)

    assertProblem(await ask(forum.alice), 429, 'rate-limited')
    assert.equal((await ask(forum.bob)).status, 200)
  })

  it('is of a subject, whatever address it comes from and however many tokens it has', async () => {
    await using forum = await openForum({ rateLimit: RATE_LIMIT })
    for (let i = 0; i < 3; i++)
      await forum.call(await forum.person('Alice'), 'GET', '/v1/posts', { from: `10.0.0.${i}` })

    assertProblem(
      await forum.call(await forum.person('Alice'), 'GET', '/v1/posts', { from: '10.0.0.9' }),
      429,
      'rate-limited',
    )
  })

  it('is of each address before authentication, whatever it claims to forward', async () => {
    await using forum = await openForum({ rateLimit: RATE_LIMIT })
    const attempt = (from: string, n = 0) =>
      forum.call(null, 'GET', '/v1/posts', {
        headers: { ...NOT_A_TOKEN.headers, 'x-forwarded-for': `10.1.1.${n}` },
        from,
      })

    for (const left of [2, 1, 0]) {
      const answer = await attempt('10.0.0.1', left)
      assertProblem(answer, 401, 'invalid-token')
      assert.match(answer.headers['ratelimit'] ?? '', new RegExp(`^"default";r=${left};`))
    }
    assertProblem(await attempt('10.0.0.1', 7), 429, 'rate-limited')
    assert.equal((await forum.call(forum.alice, 'GET', '/v1/posts', { from: '10.0.0.1' })).status, 200)
    assertProblem(await attempt('10.0.0.2'), 401, 'invalid-token')
    assert.equal((await forum.call(forum.alice, 'GET', '/v1/posts', { from: '10.0.0.2' })).status, 200)
  })

  it('counts good requests against their user, not against their address', async () => {
    await using forum = await openForum({ rateLimit: RATE_LIMIT })
    for (let i = 0; i < 9; i++) await forum.call(forum.alice, 'GET', '/v1/posts', { from: '10.0.0.1' })

    assertProblem(await forum.call(null, 'GET', '/v1/posts', { from: '10.0.0.1' }), 401, 'authentication-required')
  })

  it('starts anew when its time is over', async () => {
    await using forum = await openForum({ rateLimit: { requests: 1, seconds: 1 } })
    const ask = () => forum.call(forum.alice, 'GET', '/v1/posts')
    await ask()
    const { status, headers } = await ask()
    assert.deepEqual([status, headers['retry-after']], [429, '1'])

    await sleep(1_010)

    assert.equal((await ask()).status, 200)
  })

  it('can be off', async () => {
    await using forum = await openForum({ rateLimit: null })

    for (let i = 0; i < 50; i++) {
      const { status, headers } = await forum.call(forum.alice, 'GET', '/v1/posts')
      assert.deepEqual([status, headers['ratelimit']], [200, undefined])
    }
  })
})

describe('the rate limit of several processes', () => {
  it('is one when they count together, whichever of them is asked', async () => {
    const { count } = memoryCache()
    await assertShared({ count }, { count })
  })

  it('is one for each of them when they do not', async () => {
    await using one = await openForum({ rateLimit: RATE_LIMIT, count: memoryCache().count })
    await using other = await openForum({ rateLimit: RATE_LIMIT, count: memoryCache().count })
    for (let i = 0; i < 9; i++) await one.call(one.alice, 'GET', '/v1/posts')

    assert.equal((await other.call(other.alice, 'GET', '/v1/posts')).status, 200)
  })

  it('is one on a Redis', { skip: skipWithout('redis') }, async () => {
    await using one = await openCache(redisUrl ?? '')
    await using other = await openCache(redisUrl ?? '')
    await assertShared(one, other)
  })

  it('has nothing to do with what the same cache keeps', async () => {
    const cache = memoryCache()
    await using forum = await openForum({ rateLimit: RATE_LIMIT, count: cache.count })
    for (let i = 0; i < 3; i++) await forum.call(forum.alice, 'GET', '/v1/posts')

    await cache.invalidate([`rate:${forum.alice.id}`, `post:${forum.alice.id}`], ['post'])

    assertProblem(await forum.call(forum.alice, 'GET', '/v1/posts'), 429, 'rate-limited')
  })

  it('goes on from its own counts without a lost Redis, and delays no request', {
    skip: skipWithoutOwn('redis'),
  }, async () => {
    await using redis = await openFaultyRedis()
    await using cache = await openCache(redis.url)
    await using forum = await openForum({ rateLimit: { requests: 12, seconds: 60 }, count: cache.count })
    const ask = () => forum.call(forum.alice, 'GET', '/v1/posts')
    const left: string[] = []

    for (const fault of ['pass', 'blackhole', 'refuse', 'garbage'] as const satisfies readonly Fault[]) {
      await redis.set(fault)
      for (let i = 0; i < 3; i++) {
        const start = performance.now()
        const { status, headers } = await ask()
        assert.ok(performance.now() - start < MAX_MS, `${fault}: ${performance.now() - start} ms`)
        assert.equal(status, 200, fault)
        left.push(/r=(\d+)/.exec(headers['ratelimit'] ?? '')?.[1] ?? '')
      }
    }

    assert.deepEqual(left.map(Number), [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0])
    assertProblem(await ask(), 429, 'rate-limited')
  })
})

/** What the cache may take, and as much for all the rest of a request on a machine that is busy. */
const MAX_MS = 100 + 100

async function assertShared(here: Pick<Cache, 'count'>, there: Pick<Cache, 'count'>): Promise<void> {
  await using one = await openForum({ rateLimit: RATE_LIMIT, count: here.count })
  await using other = await openForum({ rateLimit: RATE_LIMIT, count: there.count })
  const name = randomUUID()
  const [atOne, atOther] = [await one.person(name), await other.person(name)]
  const first = await one.call(atOne, 'GET', '/v1/posts')
  const second = await other.call(atOther, 'GET', '/v1/posts')
  const third = await one.call(atOne, 'GET', '/v1/posts')

  const left = [first, second, third].map(({ headers }) => /r=\d+/.exec(headers['ratelimit'] ?? '')?.[0])
  assert.deepEqual(left, ['r=2', 'r=1', 'r=0'])
  assertProblem(await other.call(atOther, 'GET', '/v1/posts'), 429, 'rate-limited')
  assertProblem(await one.call(atOne, 'GET', '/v1/posts'), 429, 'rate-limited')
  assert.equal((await one.call(await one.person(randomUUID()), 'GET', '/v1/posts')).status, 200)
}

async function openCache(url: string) {
  const cache = await openRedis({ url, release: 'tests', onDisconnected: () => {}, onReconnected: () => {} })
  return { count: cache.count, [Symbol.asyncDispose]: () => cache.close() }
}

/** A Redis of its own, at the other end of a wire that can fail. */
async function openFaultyRedis() {
  const server = await startRedisServer()
  const proxy = await startFaultProxy(new URL(server.url))
  return {
    ...proxy,
    async [Symbol.asyncDispose]() {
      await proxy.close()
      await server.destroy()
    },
  }
}
