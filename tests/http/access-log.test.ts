import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pino } from 'pino'
import { requestLine } from '../../src/infrastructures/telemetry/request-line.ts'
import { PRODUCT } from '../../src/patterns/product.ts'
import { type Forum, openForum } from '../kit/http.ts'

const CANARY = 'canary-7f3a'

/** The lines of what was just asked. */
const linesOf = ({ lines }: Forum) => lines.splice(0).map((line) => JSON.parse(line))

describe('the access log', () => {
  it('has one line for a request: who asked for what, how it ended, how long it took', async () => {
    await using forum = await openForum()
    const { headers, body } = await forum.call(forum.alice, 'POST', '/v1/posts', { body: { text: 'Hello.' } })
    const [line, ...others] = linesOf(forum)

    assert.equal(others.length, 0)
    assert.equal(line['http.request.id'], headers['x-request-id'])
    assert.equal(line['user.id'], forum.alice.id)
    assert.equal(line['http.request.method'], 'POST')
    assert.equal(line['http.route'], '/v1/posts')
    assert.equal(line['http.response.status_code'], 201)
    assert.ok(line['event.duration'] > 1_000 && line['event.duration'] < 60e9, 'in nanoseconds')

    await forum.call(forum.bob, 'GET', `/v1/posts/${body.id}`)
    assert.equal(linesOf(forum)[0]['http.route'], '/v1/posts/:id', 'a route, not a path')
  })

  it('has one line for each refusal, too', async () => {
    await using forum = await openForum()
    const errorResponses: [string, string, string][] = [
      ['GET', '/v1/posts/abc', '422 /v1/posts/:id'],
      ['GET', '/nothing', '404 unknown'],
      ['PATCH', '/v1/posts', '405 unknown'],
      ['GET', '/v1/posts/%zz', '400 unknown'],
      ['POST', '/v1/posts', '415 /v1/posts'],
      ['GET', '/v1/posts?limit=0', '422 /v1/posts'],
    ]
    for (const [method, url, expected] of errorResponses) {
      const { headers } = await forum.call(forum.alice, method, url)
      const lines = linesOf(forum)
      assert.equal(lines.length, 1, expected)
      assert.equal(`${lines[0]['http.response.status_code']} ${lines[0]['http.route']}`, expected)
      assert.equal(lines[0]['http.request.id'], headers['x-request-id'])
    }
  })

  it('says why a token was refused, in the words of the answer', async () => {
    await using forum = await openForum()
    const token = await forum.issuer.token({ sub: forum.alice.id, aud: 'somebody-else' })
    const { body } = await forum.call({ ...forum.alice, token }, 'GET', '/v1/posts')
    const [line] = linesOf(forum)

    assert.equal(line['event.reason'], `The audience of the token is not ${PRODUCT.namespace}.`)
    assert.equal(body.detail, line['event.reason'])
    assert.equal(line['user.id'], undefined)
  })

  it('contains no tokens, bodies, queries and paths', async () => {
    await using forum = await openForum()
    const headers = { cookie: `session=${CANARY}`, 'user-agent': CANARY, referer: `https://${CANARY}.example` }
    const { alice, call } = forum
    const secret = { ...alice, token: `${alice.token}${CANARY}` }

    await call(alice, 'POST', '/v1/posts', { body: { text: CANARY }, headers })
    await call(alice, 'POST', '/v1/posts', { body: { [CANARY]: CANARY }, headers })
    await call(alice, 'POST', '/v1/posts', { payload: `{"text": ${CANARY}`, headers })
    await call(alice, 'GET', `/v1/posts?cursor=${CANARY}`, { headers })
    await call(alice, 'GET', `/v1/posts?${CANARY}=1&access_token=${alice.token}`, { headers })
    await call(alice, 'GET', `/v1/posts/${CANARY}`, { headers })
    await call(alice, 'GET', `/${CANARY}`, { headers })
    await call(alice, 'GET', `/%zz${CANARY}`, { headers })
    await call(secret, 'GET', '/v1/posts', { headers })
    await call(null, 'GET', '/v1/posts', { headers: { ...headers, authorization: `Basic ${CANARY}` } })

    assert.equal(forum.lines.length, 10)
    for (const line of forum.lines) {
      assert.doesNotMatch(line, new RegExp(CANARY))
      assert.ok(!line.includes(alice.token.split('.')[2] ?? ''))
      assert.ok(!line.includes('alice@example.org'))
    }
  })

  it('is written line by line, whatever callers send', async () => {
    await using forum = await openForum()
    for (const id of ['abcdefgh\nforged', 'a\u001b[31m', '"}{"x":"', 'a'.repeat(129), 'short', 'ü'.repeat(9)]) {
      const { headers } = await forum.call(forum.alice, 'GET', '/v1/posts', { headers: { 'x-request-id': id } })
      assert.notEqual(headers['x-request-id'], id)
      assert.match(headers['x-request-id'] ?? '', /^[0-9a-f-]{36}$/)
    }
    for (const line of forum.lines) assert.match(line, /^\{[^\n]+\}\n$/)
  })

  it('takes over a sane id, so that traces join', async () => {
    await using forum = await openForum()
    const id = '4bf92f3577b34da6a3ce929d0e0e4736'
    const { headers } = await forum.call(forum.alice, 'GET', '/v1/posts', { headers: { 'x-request-id': id } })

    assert.equal(headers['x-request-id'], id)
    assert.equal(linesOf(forum)[0]['http.request.id'], id)
  })

  it('gives our own failures with their stack, at the level of an error', async () => {
    const lines: string[] = []
    const log = requestLine(pino({ level: 'error' }, { write: (line) => void lines.push(line) }))
    await using forum = await openForum({ log })
    forum.services.posts.list = () => Promise.reject(new TypeError('x is not a function'))

    await forum.call(forum.alice, 'GET', '/v1/posts')
    await forum.call(forum.alice, 'GET', '/v1/users/me')

    assert.equal(lines.length, 1)
    const line = JSON.parse(String(lines[0]))
    assert.deepEqual([line.level, line['error.type'], line['error.message']], [50, 'TypeError', 'x is not a function'])
    assert.match(line['error.stack_trace'], /access-log\.test\.ts/)
  })
})
