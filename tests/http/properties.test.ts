import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { ROUTES } from '../kit/forum-routes.ts'
import { type Forum, openForum } from '../kit/http.ts'
import { size } from '../kit/size.ts'

const ID = '01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f'
/** `/v1/posts` and so on. */
const COLLECTIONS = new Set(Object.keys(ROUTES).map((route) => route.split('/').slice(0, 3).join('/')))
const RUNS = {
  numRuns: size(400, 50_000, 150),
  interruptAfterTimeLimit: size(5_000, 300_000),
  markInterruptAsFailure: false,
}

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.constant('\ud800\u0000'))
const visible = fc.string({ unit: fc.constantFrom(...'azAZ09-_.~*"\',;=/\\<>{}[]()%&?#@ \t'), maxLength: 60 })

const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'QUERY')
const id = fc.oneof(
  fc.uuid(),
  fc.constantFrom(ID, ID.toUpperCase(), `{${ID}}`, 'me', '..', '%00', ''),
  visible.map(encodeURIComponent),
)
/** What the library that makes the requests can send: raw bytes are for the attacks. */
const isSendable = (url: string): boolean => URL.canParse(url, 'http://forum')
const path = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(fc.constantFrom(...COLLECTIONS), fc.option(id)).map(join),
  },
  { weight: 1, arbitrary: visible.map((text) => `/${text.replaceAll(/[?#]/g, '')}`).filter(isSendable) },
)
function join([collection, one]: readonly [string, string | null]): string {
  return one === null ? collection : `${collection}/${one}`
}

const known = fc.constantFrom('limit', 'cursor', 'sort', 'ownerId', 'postId', 'createdFrom', 'createdTo', 'count')
const likely = fc.oneof(
  fc.integer().map(String),
  fc.uuid(),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom('createdAt', '-updatedAt', 'true', 'false', '', '0', '1e3', '2026-03-01T12:00:00+05:45'),
  anyText,
)
const query = fc
  .array(fc.tuple(fc.oneof({ weight: 4, arbitrary: known }, { weight: 1, arbitrary: anyText }), likely), {
    maxLength: 4,
  })
  .map((pairs) => pairs.map((pair) => pair.map((text) => encodeURIComponent(text.toWellFormed())).join('=')).join('&'))

const field = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('text', 'postId') }, { weight: 1, arbitrary: anyText })
const value = fc.oneof(anyText, fc.uuid(), fc.jsonValue({ maxDepth: 3 }))
const json = fc.oneof(fc.dictionary(field, value, { maxKeys: 3 }), fc.jsonValue()).map((body) => JSON.stringify(body))
/** Sound JSON in which something was cut, doubled or replaced. */
const broken = fc
  .tuple(json, fc.nat(60), visible)
  .map(([text, at, patch]) => text.slice(0, at) + patch + text.slice(at + 1))
const payload = fc.option(fc.oneof(json, broken, anyText, fc.constant('{"__proto__":{"text":"a"}}')), {
  nil: undefined,
})

const headers = fc.dictionary(
  fc.constantFrom('if-match', 'if-none-match', 'accept', 'content-type', 'x-request-id', 'origin', 'expect', 'range'),
  fc.oneof(
    visible.map((text) => text.trim()),
    fc.constantFrom('*', '"1"', 'W/"1"', 'application/json', ''),
  ),
  { maxKeys: 2 },
)

describe('whatever is sent', () => {
  let forum: Forum
  before(async () => {
    forum = await openForum({ corsOrigins: ['https://forum.example.org'] })
  })
  after(() => forum[Symbol.asyncDispose]())

  it('is answered as documented, never by a failure of ours', async () => {
    const request = fc.record({ method, path, query, payload, headers })
    const answered = fc.asyncProperty(request, async ({ method, path, query, payload, headers }) => {
      const sent = payload === undefined ? { headers } : { headers, payload }
      const { status } = await forum.call(forum.alice, method, query === '' ? path : `${path}?${query}`, sent)
      assert.ok(status < 500, `${status}`)
    })
    await fc.assert(answered, RUNS)
  })

  it('is kept as it is, or refused', async () => {
    const written = fc.asyncProperty(anyText, async (text) => {
      const { status, body } = await forum.call(forum.alice, 'POST', '/v1/posts', { body: { text } })
      if (status === 201) assert.equal(body.text, text.trim())
      else assert.equal(status, 422)
    })
    await fc.assert(written, RUNS)
  })

  it('keeps its order under any limit', async () => {
    const walked = fc.asyncProperty(fc.integer({ min: 1, max: 100 }), async (limit) => {
      const { body } = await forum.call(forum.alice, 'GET', `/v1/posts?limit=${limit}`)
      const next = await forum.call(forum.alice, 'GET', `/v1/posts?limit=${limit}&cursor=${body.nextCursor ?? ''}`)
      if (body.nextCursor === null) return
      const ids = [...body.items, ...next.body.items].map((post) => post.id)
      assert.equal(new Set(ids).size, ids.length)
    })
    await fc.assert(walked, { ...RUNS, numRuns: 50 })
  })
})
