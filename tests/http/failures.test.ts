import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Conflict } from '../../src/domains/errors/change-errors.ts'
import { DependencyUnavailable, OutcomeUnknown } from '../../src/domains/errors/dependency-errors.ts'
import { assertProblem } from '../kit/answers.ts'
import { createStore, emptyState, memoryDriver } from '../kit/forum-store.ts'
import { type Forum, openForum } from '../kit/http.ts'

const HELLO = { body: { text: 'Hello.' } }
const URL_OF_DATABASE = 'postgres://forum:password=hunter2@db.internal/forum'

/** Failures inside the service, and the answers that clients get. */
const failures: readonly (readonly [name: string, failure: unknown, status: number, code: string])[] = [
  ['a bug', new TypeError("Cannot read properties of undefined (reading 'id')"), 500, 'internal'],
  ['a bug whose message says too much', new Error(`SELECT * FROM users at ${URL_OF_DATABASE}`), 500, 'internal'],
  ['what is no error', 'secret', 500, 'internal'],
  ['nothing', undefined, 500, 'internal'],
  ['an error with a status of its own', Object.assign(new Error('secret'), { statusCode: 418 }), 500, 'internal'],
  ['an error with a strange code', Object.assign(new Error('secret'), { code: 'toString' }), 500, 'internal'],
  ['a syntax error', new SyntaxError('Unexpected token'), 500, 'internal'],
  [
    'the database',
    new DependencyUnavailable('database', { cause: new Error(URL_OF_DATABASE) }),
    503,
    'dependency-unavailable',
  ],
  [
    'an unknown outcome',
    new OutcomeUnknown('database', { cause: new Error('ECONNRESET') }),
    503,
    'dependency-unavailable',
  ],
  ['a conflict through all attempts', new Conflict(), 409, 'conflict'],
]

describe('what goes wrong inside', () => {
  for (const [name, failure, status, code] of failures) {
    it(`is answered ${status} ${code}: ${name}`, async () => {
      await using forum = await openForum()
      const fail = () => Promise.reject(failure)
      Object.assign(forum.services.posts, { write: fail, read: fail, list: fail, rewrite: fail, remove: fail })

      const item = '/v1/posts/01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f'
      assertProblem(await forum.call(forum.alice, 'PUT', item, HELLO), status, code)
      assertProblem(await forum.call(forum.alice, 'DELETE', item), status, code)
      if (code === 'conflict') return
      assertProblem(await forum.call(forum.alice, 'POST', '/v1/posts', HELLO), status, code)
      assertProblem(await forum.call(forum.alice, 'GET', '/v1/posts'), status, code)
      assertProblem(await forum.call(forum.alice, 'GET', item), status, code)
      assert.equal((await forum.call(forum.alice, 'GET', '/v1/users/me')).status, 200)
    })
  }

  for (const [failure, detail] of [
    [new DependencyUnavailable('database'), /^The database does not answer\. Nothing was kept: try again later\.$/],
    [new OutcomeUnknown('database'), /unknown whether the change was kept: repeat .* same Idempotency-Key, or read/],
  ] as const) {
    it(`says whether anything was kept: ${failure.constructor.name}`, async () => {
      await using forum = await openForum()
      const fail = () => Promise.reject(failure)
      Object.assign(forum.services.posts, { write: fail, rewrite: fail })

      for (const [method, path] of [
        ['POST', '/v1/posts'],
        ['PUT', '/v1/posts/01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f'],
      ] as const) {
        assert.match((await forum.call(forum.alice, method, path, HELLO)).body.detail, detail)
      }
    })
  }

  it('is not unknown where only the account of a newcomer was to be kept', async () => {
    const driver = memoryDriver(emptyState())
    const commit = () => Promise.reject(new OutcomeUnknown('database'))
    await using forum = await openForum({ store: createStore({ ...driver, commit }) })

    const answer = await forum.call(forum.alice, 'GET', '/v1/posts')

    assertProblem(answer, 503, 'dependency-unavailable')
    assert.match(answer.body.detail, /Nothing was kept/)
  })

  it('is answered 503 when the issuer was never there, and is over when it is back', async () => {
    await using forum = await openForum()
    const ask = (who: Forum['alice']) => forum.call(who, 'GET', '/v1/posts')
    await forum.issuer.stop()

    assertProblem(await ask(forum.alice), 503, 'dependency-unavailable')
    assertProblem(await forum.call(null, 'GET', '/v1/posts'), 401, 'authentication-required')
    await forum.issuer.start()
    for (let i = 0; i < 40 && (await ask(forum.alice)).status === 503; i++)
      await new Promise((next) => setTimeout(next, 50))

    assert.equal((await ask(forum.alice)).status, 200)
  })

  it('does not stop those who know their callers: old keys work while the issuer is down', async () => {
    await using forum = await openForum()
    await forum.call(forum.alice, 'GET', '/v1/posts')
    await forum.issuer.stop()

    assert.equal((await forum.call(await forum.person('Zoe'), 'GET', '/v1/posts')).status, 200)
    await forum.issuer.start()
  })
})
