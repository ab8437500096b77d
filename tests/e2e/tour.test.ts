import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { assertProblem } from '../kit/answers.ts'
import { statusOf } from '../kit/client.ts'
import { until } from '../kit/command.ts'
import type { Service } from '../kit/service.ts'
import { useTour } from './tour-world.ts'
import { ALL_ENGINES, type World } from './world.ts'

const NOBODY = '01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f'
const MOMENTS = ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '1969-12-31T23:59:59.999Z']

for (const engine of ALL_ENGINES) {
  describe(`the forum on ${engine.name}`, { skip: engine.skip }, () => {
    const tour = useTour(engine)
    const { call, write } = tour
    let world: World
    let service: Service
    before(() => {
      world = tour.world()
      service = tour.service()
    })

    it('says where it listens and what is plugged in, and nothing secret', () => {
      const logs = service.logs()
      for (const part of [service.url, service.healthUrl, engine.name, world.issuer.issuer]) {
        assert.ok(logs.includes(part), part)
      }
    })

    it('is healthy, on a port of its own', async () => {
      for (const path of ['/live', '/ready', '/health-check']) {
        assert.equal(await statusOf(`${service.healthUrl}${path}`), 200)
        assertProblem(await call(null, 'GET', path), 404, 'not-found')
      }
    })

    it('refuses every request without a valid token', async () => {
      assertProblem(await call(null, 'GET', '/v1/posts'), 401, 'authentication-required')
      for (const { authorization } of (await world.issuer.badTokens()).filter((bad) => bad.authorization !== null)) {
        const headers = { authorization: authorization ?? '' }
        assertProblem(await call(null, 'GET', '/v1/users/me', { headers }), 401, 'invalid-token')
      }
    })

    it('takes a post through its whole life', async () => {
      const text = 'Löwen 🦁, \u0627\u0644\u0639\u0631\u0628\u064a\u0629, e\u0301, <b>, \\, \', ", %, _'
      const { status, headers, body } = await call(world.alice, 'POST', '/v1/posts', { body: { text } })
      const path = headers['location'] ?? ''
      assert.deepEqual([status, headers['etag'], body.text, body.version], [201, '"1"', text, 1])

      assert.deepEqual((await call(world.bob, 'GET', path)).body, body)
      assert.equal((await call(world.bob, 'GET', path, { headers: { 'if-none-match': '"1"' } })).status, 304)
      assertProblem(await call(world.bob, 'PUT', path, { body: { text: 'Mine.' } }), 403, 'forbidden')

      const sent = { body: { text: 'Better.' }, headers: { 'if-match': '"1"' } }
      const rewritten = await call(world.alice, 'PUT', path, sent)
      assert.deepEqual([rewritten.status, rewritten.headers['etag'], rewritten.body.version], [200, '"2"', 2])
      assert.deepEqual([rewritten.body.createdAt, rewritten.body.updatedAt >= body.updatedAt], [body.createdAt, true])
      assertProblem(await call(world.alice, 'PUT', path, sent), 412, 'stale-version')

      assertProblem(await call(world.alice, 'DELETE', path, { headers: { 'if-match': '"1"' } }), 412, 'stale-version')
      assert.equal((await call(world.ada, 'DELETE', path, { headers: { 'if-match': '"2"' } })).status, 204)
      assertProblem(await call(world.alice, 'GET', path), 404, 'post-not-found')
      assertProblem(await call(world.alice, 'DELETE', path), 404, 'post-not-found')
    })

    it('refuses what breaks the rules, before the database could', async () => {
      const texts = ['', '  ', 'a\u0000b', 'a\ud800', 'a'.repeat(10_001), '🐯'.repeat(10_001)]
      for (const text of texts) {
        assertProblem(await call(world.alice, 'POST', '/v1/posts', { body: { text } }), 422, 'validation-failed')
      }
      assert.equal((await write('🐯'.repeat(10_000))).text.length, 20_000)
    })

    it('walks lists of any order, each item once, with filters and a total', async () => {
      const { body: me } = await call(world.bob, 'GET', '/v1/users/me')
      const ids = new Set<string>()
      for (let n = 0; n < 7; n++)
        ids.add(
          (await call(world.bob, 'POST', '/v1/posts', { body: { text: `Post ${n}` } }).then(({ body }) => body)).id,
        )

      for (const sort of ['createdAt', '-createdAt', 'updatedAt', '-updatedAt']) {
        const seen: string[] = []
        let next: string | undefined = `/v1/posts?ownerId=${me.id}&limit=3&count=true&sort=${sort}`
        while (next !== undefined) {
          const { headers, body } = await call(world.alice, 'GET', next)
          assert.equal(body.total, 7)
          seen.push(...body.items.map(({ id }) => id))
          next = /^<(.+)>; rel="next"$/.exec(headers['link'] ?? '')?.[1]
        }
        assert.deepEqual(seen, sort.startsWith('-') ? [...ids].reverse() : [...ids])
      }
    })

    it('takes every time that there is, and refuses those that no database knows', async () => {
      for (const time of MOMENTS) {
        for (const field of ['createdFrom', 'createdTo']) {
          assert.equal((await call(world.alice, 'GET', `/v1/posts?${field}=${time}&count=true`)).status, 200, time)
        }
      }
      for (const time of ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59-12:00', '0001-01-01T00:00:00%2B12:00']) {
        assertProblem(await call(world.alice, 'GET', `/v1/posts?createdFrom=${time}`), 422, 'validation-failed')
      }
    })

    it('knows its users, and keeps what is private to them', async () => {
      const { body } = await call(world.alice, 'GET', '/v1/users/me')
      const seen = await call(world.bob, 'GET', `/v1/users/${world.alice.id}`)

      assert.deepEqual([body.id, body.username, body.email], [world.alice.id, 'alice', 'alice@example.org'])
      assert.deepEqual(Object.keys(seen.body).sort(), ['createdAt', 'fullName', 'id', 'username'])
      assertProblem(await call(world.bob, 'GET', `/v1/users/${NOBODY}`), 404, 'user-not-found')
    })

    it('registers a user once, however many requests come first', async () => {
      const zoe = await world.person('Zoe')
      const attempts = Array.from({ length: 12 }, (_, n) =>
        call(zoe, 'POST', '/v1/posts', { body: { text: `Zoe ${n}` } }),
      )

      assert.deepEqual(new Set((await Promise.all(attempts)).map(({ status }) => status)), new Set([201]))
    })

    it('lets one of two win who change the same version', async () => {
      const { id } = await write('Contended.')
      const sent = (n: number) => ({ body: { text: `Writer ${n}` }, headers: { 'if-match': '"1"' } })
      const attempts = Array.from({ length: 8 }, (_, n) => call(world.alice, 'PUT', `/v1/posts/${id}`, sent(n)))
      const statuses = (await Promise.all(attempts)).map(({ status }) => status).sort()

      assert.deepEqual(statuses, [200, ...Array(7).fill(412)])
    })

    it('writes one line for each request, in one format, without a token', async () => {
      const headers = { 'x-request-id': 'tour-of-the-forum' }
      await call(world.alice, 'GET', '/v1/posts?limit=1', { headers })
      const own = () =>
        service
          .logs()
          .split('\n')
          .filter((line) => line.includes('"tour-of-the-forum"'))
      await until('the line is written', () => own().length > 0)
      const [line = {}, ...others] = own().map((text) => JSON.parse(text))

      assert.equal(others.length, 0)
      assert.deepEqual(
        [line['http.route'], line['http.response.status_code'], line['user.id']],
        ['/v1/posts', 200, world.alice.id],
      )
      assert.ok(!service.logs().includes(world.alice.token.split('.')[2] ?? ''))
    })
  })
}
