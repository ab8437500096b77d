import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertProblem } from '../kit/answers.ts'
import { ROUTES } from '../kit/forum-routes.ts'
import { type Forum, openForum } from '../kit/http.ts'

const ID = '01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f'
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY']

const ALLOWED = Object.entries(ROUTES).map(([url, methods]) => [url.replace(':id', ID), methods] as const)

describe('what no route takes', () => {
  for (const corsOrigins of [[], ['https://forum.example.org']]) {
    describe(corsOrigins.length > 0 ? 'with CORS' : 'without CORS', () => {
      let forum: Forum
      before(async () => {
        forum = await openForum({ corsOrigins })
      })
      after(() => forum[Symbol.asyncDispose]())

      for (const [path, allowed] of ALLOWED) {
        it(`is 405 on ${path}, and says what is allowed`, async () => {
          for (const method of METHODS.filter((name) => !allowed.includes(name))) {
            if (method === 'OPTIONS' && corsOrigins.length > 0) continue
            const answer = await forum.call(forum.alice, method, path)
            if (method === 'HEAD') assert.equal(answer.status, 405)
            else assertProblem(answer, 405, 'method-not-allowed')
            assert.equal(answer.headers['allow'], allowed.join(', '), method)
          }
        })
      }

      const elsewhere = [
        '/',
        '/v1',
        '/v1/',
        '/v2/posts',
        '/v1/posts/',
        '/v1/users/',
        '/v1/users/me/',
        '/v1//posts',
        '//v1/posts',
      ]
      const disguised = [
        '/V1/posts',
        '/v1/Posts',
        '/v1/posts;a=b',
        `/v1/posts/${ID}/replies`,
        '/v1/posts.json',
        '/v1/posts%2F',
      ]
      for (const path of [
        ...elsewhere,
        ...disguised,
        '/.env',
        '/health-check',
        '/metrics',
        '/issuer/token',
        '/admin',
      ]) {
        it(`is 404 on ${path}, for every caller`, async () => {
          assertProblem(await forum.call(forum.alice, 'GET', path), 404, 'not-found')
          assertProblem(await forum.call(null, 'GET', path), 404, 'not-found')
          assert.equal((await forum.call(forum.alice, 'HEAD', path)).status, 404)
        })
      }
    })
  }

  for (const path of ['/v1/posts/%zz', '/%', '/v1/posts/%c3%28', `/v1/posts/${'%f'.repeat(50)}`]) {
    it(`is 400 where the path cannot be decoded: ${path.slice(0, 20)}`, async () => {
      await using forum = await openForum()

      assertProblem(await forum.call(forum.alice, 'GET', path), 400, 'malformed-request')
      assert.equal(forum.lines.length, 1)
    })
  }
})
