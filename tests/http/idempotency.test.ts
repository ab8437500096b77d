import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { KEY_TTL_MS, RESERVATION_TTL_MS } from '../../src/domains/ports/idempotency-keys.ts'
import { FORUM } from '../../src/infrastructures/store/aggregates/forum.ts'
import { openPostgres } from '../../src/infrastructures/store/postgres/open-postgres.ts'
import { openSqlite } from '../../src/infrastructures/store/sqlite/open-sqlite.ts'
import { assertProblem } from '../kit/answers.ts'
import { skipWithout } from '../kit/engines.ts'
import { KEYED } from '../kit/forum-routes.ts'
import { createStore, emptyState, memoryDriver } from '../kit/forum-store.ts'
import { freshDatabase } from '../kit/fresh-database.ts'
import { type Forum, openForum } from '../kit/http.ts'
import { exchange } from '../kit/raw-http.ts'
import { exampleBody } from '../kit/routes.ts'
import { assertInUse, describeKeys, type OpenedStore } from './idempotency.contract.ts'

async function openMemory(): Promise<OpenedStore> {
  return { store: createStore(memoryDriver()), close: async () => {} }
}

async function openFile(): Promise<OpenedStore> {
  const folder = await mkdtemp(join(tmpdir(), 'forum-keys-'))
  const driver = await openSqlite({ aggregates: FORUM.aggregates, file: join(folder, 'forum.db'), migrates: true })
  return { store: createStore(driver), close: () => driver.close().then(() => rm(folder, { recursive: true })) }
}

async function openServer(): Promise<OpenedStore> {
  const { url, drop } = await freshDatabase()
  const driver = await openPostgres({
    aggregates: FORUM.aggregates,
    url,
    poolSize: 6,
    migrates: true,
    onIdleError: () => {},
  })
  return { store: createStore(driver), close: () => driver.close().then(drop) }
}

describeKeys('the memory store', openMemory, skipWithout('memory'))
describeKeys('SQLite', openFile, skipWithout('sqlite'))
describeKeys('PostgreSQL', openServer, skipWithout('postgres'))

describe('the header Idempotency-Key', () => {
  let forum: Forum
  before(async () => {
    forum = await openForum()
  })
  after(() => forum[Symbol.asyncDispose]())

  const write = (key: string, body: unknown = { text: 'Hello.' }, path = '/v1/posts') =>
    forum.call(forum.alice, 'POST', path, { body, headers: { 'idempotency-key': key } })

  for (const [what, key] of [
    ['empty', ''],
    ['longer than 255 characters', 'k'.repeat(256)],
    ['in two words', 'a b'],
    ['not of ASCII', 'ključ'],
    ['with a control character', 'a\u0001b'],
  ] as const) {
    it(`is refused when it is ${what}`, async () => {
      const before = forum.hash()
      for (const [, route] of KEYED) {
        const path = route.replace('post ', '')
        const answer = await write(key, exampleBody(forum.routes, 'POST', path), path)
        assertProblem(answer, 422, 'validation-failed')
        assert.equal(answer.body.errors[0]?.pointer, '/idempotency-key')
      }

      assert.equal(forum.hash(), before)
    })
  }

  it('is refused when it comes twice, be it with the same value', async () => {
    await forum.http.listen({ port: 0, host: '127.0.0.1' })
    const { port } = forum.http.server.address() as { port: number }
    const body = '{"text":"Hello."}'
    const fields = ['Host: forum', `Authorization: Bearer ${forum.alice.token}`, 'Content-Type: application/json']
    const twice = [...fields, `Content-Length: ${body.length}`, 'Idempotency-Key: a', 'Idempotency-Key: a']

    const { answers } = await exchange(port, [`POST /v1/posts HTTP/1.1\r\n${twice.join('\r\n')}\r\n\r\n${body}`])

    assert.equal(answers[0]?.status, 422)
    assert.equal(answers[0]?.body.errors[0]?.pointer, '/idempotency-key')
  })

  it('may be anything visible, up to 255 characters, in any letter case', async () => {
    for (const key of ['k'.repeat(255), '"8e03978e-40d5-43dd-bc93-6894a57f9324"', '~!@#$%^&*(){}[]<>,;:=', 'A', 'a']) {
      const { headers } = await write(key)
      assert.equal(headers['idempotency-replayed'], undefined)
      assert.equal((await write(key)).headers['idempotency-replayed'], 'true')
    }
  })

  it('is looked up after the body was validated', async () => {
    await write('received')

    assertProblem(await write('received', { text: '' }), 422, 'validation-failed')
    assertProblem(await write('received', {}), 422, 'validation-failed')
  })

  it('does no harm where it has no meaning', async () => {
    const sent = { headers: { 'idempotency-key': 'a b' } }
    const path = (await write('harmless')).headers['location'] ?? ''

    assert.equal((await forum.call(forum.alice, 'GET', '/v1/users/me', sent)).status, 200)
    assert.equal((await forum.call(forum.alice, 'PUT', path, { ...sent, body: { text: 'Changed.' } })).status, 200)
    assert.equal((await forum.call(forum.alice, 'DELETE', path, sent)).status, 204)
  })
})

describe('in time, a key', () => {
  /** A forum whose store keeps the time of `clock`. */
  async function openWithClock() {
    const [state, clock] = [emptyState(), { now: Date.now() }]
    const driver = memoryDriver(state, () => clock.now)
    const forum = await openForum({ store: createStore(driver) })
    const sent = { body: { text: 'Hello.' }, headers: { 'idempotency-key': 'mine' } }
    return { state, clock, driver, forum, write: () => forum.call(forum.alice, 'POST', '/v1/posts', sent) }
  }

  it('that a dying process left reserved is in use for 10 s, then the request is done once', async () => {
    const { state, clock, forum, write } = await openWithClock()
    await using _ = forum
    await write()
    for (const [name, known] of state.key) state.key.set(name, { ...known, result: null })
    state.post.clear()

    assertInUse(await write())
    clock.now += RESERVATION_TTL_MS - 1
    assertInUse(await write())
    clock.now += 1
    const answers = [await write(), await write()]

    assert.deepEqual(
      answers.map(({ status, headers }) => [status, headers['idempotency-replayed']]),
      [
        [201, undefined],
        [201, 'true'],
      ],
    )
    assert.equal(state.post.size, 1)
  })

  it('is forgotten after a day, and free for anything', async () => {
    const { state, clock, forum, write } = await openWithClock()
    await using _ = forum
    await write()

    clock.now += KEY_TTL_MS - 1
    assert.equal((await write()).headers['idempotency-replayed'], 'true')
    clock.now += 1
    const { status, headers } = await write()

    assert.deepEqual([status, headers['idempotency-replayed'], state.post.size], [201, undefined, 2])
  })
})
