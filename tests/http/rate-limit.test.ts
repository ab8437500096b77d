import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { assertProblem } from '../kit/answers.ts'
import { openForum } from '../kit/http.ts'
import type { Person } from '../kit/people.ts'

const RATE_LIMIT = { requests: 3, seconds: 60 }
const NOT_A_TOKEN = { headers: { authorization: 'Bearer x.y.z' } }

describe('the rate limit', () => {
  it('is told with each answer, and refuses what is too much', async () => {
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
    await call(alice, 'GET', '/v1/comments?limit=0')
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

  it('lets nobody use up what is another one’s: good requests do not count against their address', async () => {
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
