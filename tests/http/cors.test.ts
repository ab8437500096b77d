import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertProblem } from '../kit/answers.ts'
import { type Forum, openForum } from '../kit/http.ts'

const LISTED = 'https://forum.example.org'
const OTHERS = ['https://evil.example', 'http://forum.example.org', `${LISTED}.evil.example`, `${LISTED}:8443`, 'null']

const preflight = (origin: string, method = 'PUT') => ({
  headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': 'authorization' },
})

describe('pages of other origins', () => {
  let forum: Forum
  before(async () => {
    forum = await openForum({ corsOrigins: [LISTED, 'http://localhost:5173'] })
  })
  after(() => forum[Symbol.asyncDispose]())

  it('may ask when they are listed, and see the headers that matter', async () => {
    const { status, headers } = await forum.call(forum.alice, 'GET', '/v1/posts', { headers: { origin: LISTED } })

    assert.equal(status, 200)
    assert.equal(headers['access-control-allow-origin'], LISTED)
    assert.match(headers['vary'] ?? '', /Origin/)
    for (const name of [
      'ETag',
      'Idempotency-Replayed',
      'Link',
      'Location',
      'RateLimit',
      'Retry-After',
      'X-Request-Id',
    ]) {
      assert.ok(headers['access-control-expose-headers']?.split(', ').includes(name), name)
    }
    assert.equal(headers['access-control-allow-credentials'], undefined)
  })

  it('get the answer to a preflight without a token', async () => {
    const { status, headers, text } = await forum.call(null, 'OPTIONS', '/v1/posts', preflight(LISTED))

    assert.deepEqual([status, text], [204, ''])
    assert.equal(headers['access-control-allow-origin'], LISTED)
    assert.equal(headers['access-control-allow-methods'], 'GET, HEAD, POST, PUT, DELETE')
    assert.equal(headers['access-control-allow-headers'], 'authorization')
  })

  it('learn why they are refused', async () => {
    const answer = await forum.call(null, 'GET', '/v1/posts', { headers: { origin: LISTED } })

    assertProblem(answer, 401, 'authentication-required')
    assert.equal(answer.headers['access-control-allow-origin'], LISTED)
  })

  for (const origin of OTHERS) {
    it(`get nothing when they are not listed: ${origin}`, async () => {
      const answers = [
        await forum.call(null, 'OPTIONS', '/v1/posts', preflight(origin)),
        await forum.call(forum.alice, 'GET', '/v1/posts', { headers: { origin } }),
      ]
      for (const { headers } of answers) assert.equal(headers['access-control-allow-origin'], undefined)
    })
  }

  it('get an answer to every OPTIONS, also to one that asks for nothing', async () => {
    assert.equal((await forum.call(null, 'OPTIONS', '/v1/posts')).status, 204)
    assert.equal((await forum.call(null, 'OPTIONS', '/v1/nothing', preflight(LISTED))).status, 204)
  })

  it('get nothing at all where none is listed', async () => {
    await using closed = await openForum()

    assertProblem(await closed.call(null, 'OPTIONS', '/v1/posts', preflight(LISTED)), 405, 'method-not-allowed')
    const { headers } = await closed.call(closed.alice, 'GET', '/v1/posts', { headers: { origin: LISTED } })
    assert.equal(headers['access-control-allow-origin'], undefined)
  })
})
