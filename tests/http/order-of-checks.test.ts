import { after, before, describe, it } from 'node:test'
import { UserId } from '../../src/domains/entities/user.ts'
import { assertProblem } from '../kit/answers.ts'
import { type Call, type Forum, openForum } from '../kit/http.ts'

const NOBODY = '/v1/posts/01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f'
const TOO_LARGE = 'a'.repeat(256 * 1024 + 1)
const TEXT = { body: { text: 'Hello.' } }
const NO_TEXT = { body: { text: '' } }
const NO_JSON = { payload: '{"text":' }
const AS_TEXT = { payload: '{"text":"Hello."}', headers: { 'content-type': 'text/plain' } }
const STALE = { 'if-match': '"9"' }

type Who = 'nobody' | 'alice' | 'bob' | 'carol'
type Row = readonly [wrong: string, who: Who, method: string, path: string, sent: Call, status: number, code: string]

/** Carol's account is disabled; the post is Alice's. Each request is wrong in two ways, and is refused for the earlier one. */
const rows = (post: string): readonly Row[] => [
  ['size, credentials', 'nobody', 'POST', '/v1/posts', { payload: TOO_LARGE }, 413, 'payload-too-large'],
  ['size, media type', 'alice', 'POST', '/v1/posts', { ...AS_TEXT, payload: TOO_LARGE }, 413, 'payload-too-large'],
  ['route, credentials', 'nobody', 'GET', '/v1/nothing', {}, 404, 'not-found'],
  ['route, media type', 'alice', 'POST', '/v1/nothing', AS_TEXT, 404, 'not-found'],
  ['method, credentials', 'nobody', 'PATCH', '/v1/posts', TEXT, 405, 'method-not-allowed'],
  ['method, JSON', 'alice', 'PATCH', '/v1/posts', NO_JSON, 405, 'method-not-allowed'],
  ['credentials, media type', 'nobody', 'POST', '/v1/posts', AS_TEXT, 401, 'authentication-required'],
  ['credentials, JSON', 'nobody', 'POST', '/v1/posts', NO_JSON, 401, 'authentication-required'],
  ['credentials, body', 'nobody', 'POST', '/v1/posts', NO_TEXT, 401, 'authentication-required'],
  ['credentials, id', 'nobody', 'GET', '/v1/posts/abc', {}, 401, 'authentication-required'],
  ['credentials, existence', 'nobody', 'GET', NOBODY, {}, 401, 'authentication-required'],
  ['credentials, cursor', 'nobody', 'GET', '/v1/posts?cursor=x', {}, 401, 'authentication-required'],
  ['credentials, accept', 'nobody', 'GET', '/v1/posts', { headers: { accept: 'a/b' } }, 401, 'authentication-required'],
  ['accept, query', 'alice', 'GET', '/v1/posts?limit=0', { headers: { accept: 'a/b' } }, 406, 'not-acceptable'],
  ['media type, id', 'alice', 'PUT', '/v1/posts/abc', AS_TEXT, 415, 'unsupported-media-type'],
  ['media type, query', 'alice', 'POST', '/v1/posts?a=b', AS_TEXT, 415, 'unsupported-media-type'],
  ['media type, ownership', 'bob', 'PUT', post, AS_TEXT, 415, 'unsupported-media-type'],
  ['JSON, id', 'alice', 'PUT', '/v1/posts/abc', NO_JSON, 400, 'malformed-request'],
  ['JSON, existence', 'alice', 'PUT', NOBODY, NO_JSON, 400, 'malformed-request'],
  ['JSON, ownership', 'bob', 'PUT', post, NO_JSON, 400, 'malformed-request'],
  ['JSON, account', 'carol', 'POST', '/v1/posts', NO_JSON, 400, 'malformed-request'],
  ['body, existence', 'alice', 'PUT', NOBODY, { body: {} }, 422, 'validation-failed'],
  ['text, existence', 'alice', 'PUT', NOBODY, NO_TEXT, 422, 'validation-failed'],
  ['text, ownership', 'bob', 'PUT', post, NO_TEXT, 422, 'validation-failed'],
  ['text, version', 'alice', 'PUT', post, { ...NO_TEXT, headers: STALE }, 422, 'validation-failed'],
  ['text, account', 'carol', 'POST', '/v1/posts', NO_TEXT, 422, 'validation-failed'],
  ['precondition, existence', 'alice', 'DELETE', NOBODY, { headers: { 'if-match': 'x' } }, 422, 'validation-failed'],
  ['precondition, ownership', 'bob', 'DELETE', post, { headers: { 'if-match': 'x' } }, 422, 'validation-failed'],
  ['query, cursor', 'alice', 'GET', '/v1/posts?cursor=x&limit=0', {}, 422, 'validation-failed'],
  ['cursor, account', 'carol', 'GET', '/v1/posts?cursor=x', {}, 422, 'invalid-cursor'],
  ['account, existence', 'carol', 'GET', NOBODY, {}, 403, 'account-disabled'],
  ['account, ownership', 'carol', 'PUT', post, TEXT, 403, 'account-disabled'],
  ['account, version', 'carol', 'DELETE', post, { headers: STALE }, 403, 'account-disabled'],
  ['existence, version', 'alice', 'PUT', NOBODY, { ...TEXT, headers: STALE }, 404, 'post-not-found'],
  ['ownership, version', 'bob', 'PUT', post, { ...TEXT, headers: STALE }, 403, 'forbidden'],
  ['ownership, version of a removal', 'bob', 'DELETE', post, { headers: STALE }, 403, 'forbidden'],
]

describe('a request that is wrong in two ways is refused for the earlier one', () => {
  let forum: Forum
  before(async () => {
    forum = await openForum()
    await forum.services.users.me({ userId: UserId.parse((await carol()).id), profile: PROFILE, isSuperAdmin: false })
    await forum.services.users.change({ id: UserId.parse((await carol()).id), change: { isActive: false } })
    const { body } = await forum.call(forum.alice, 'POST', '/v1/posts', TEXT)
    item = `/v1/posts/${body.id}`
  })
  after(() => forum[Symbol.asyncDispose]())

  const PROFILE = { username: 'carol', fullName: null, email: null }
  const carol = () => forum.person('Carol')
  let item = ''

  for (const [index, [wrong, who]] of rows('').entries()) {
    it(`${wrong} (${who})`, async () => {
      const [, , method, path, sent, status, code] = rows(item)[index] as Row
      const people = { nobody: null, alice: forum.alice, bob: forum.bob, carol: await carol() }

      assertProblem(await forum.call(people[who], method, path, sent), status, code)
    })
  }
})
