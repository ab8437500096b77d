import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { assertProblem } from '../kit/answers.ts'
import { type Forum, openForum } from '../kit/http.ts'

const LIMIT = 256 * 1024

describe('media types', () => {
  let forum: Forum
  before(async () => {
    forum = await openForum()
  })
  after(() => forum[Symbol.asyncDispose]())

  const send = (payload: string | Buffer, headers: Record<string, string>) =>
    forum.call(forum.alice, 'POST', '/v1/posts', { payload, headers })
  const ask = (accept: string) => forum.call(forum.alice, 'GET', '/v1/posts', { headers: { accept } })

  for (const type of [
    'application/json',
    'application/json; charset=utf-8',
    'APPLICATION/JSON;charset="UTF-8"',
    'application/json ; Charset=Utf-8',
    'application/json; profile="a;charset=latin1"; charset=utf-8',
    'application/json; profile="a\\"; charset=latin1"',
    'application/json; odata.metadata=minimal',
  ]) {
    it(`takes ${type}`, async () => {
      assert.equal((await send('{"text":"Hello."}', { 'content-type': type })).status, 201)
    })
  }

  const others = [
    'text/plain',
    'text/json',
    'application/jsonp',
    'application/x-www-form-urlencoded',
    'application/xml',
  ]
  for (const type of [
    ...others,
    'multipart/form-data; boundary=x',
    'application/merge-patch+json',
    '*/*',
    'json',
    '',
  ]) {
    it(`refuses ${type || 'no type'}`, async () => {
      const before = forum.hash()
      assertProblem(await send('{"text":"Hello."}', { 'content-type': type }), 415, 'unsupported-media-type')
      assert.equal(forum.hash(), before)
    })
  }

  for (const charset of [
    'iso-8859-1',
    'us-ascii',
    'utf-16',
    '"UTF-16LE"',
    'utf-7',
    'windows-1252',
    '',
    '""',
    'utf-8, latin1',
    'utf-8; charset=latin1',
    'latin1; charset=utf-8',
  ]) {
    it(`refuses a body that says it is ${charset || 'in no charset'}`, async () => {
      const headers = { 'content-type': `application/json; charset=${charset}` }
      assertProblem(await send('{"text":"Hello."}', headers), 415, 'unsupported-media-type')
      const { alice, call } = forum
      const item = '/v1/posts/01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f'
      assertProblem(await call(alice, 'DELETE', item, { payload: '{}', headers }), 415, 'unsupported-media-type')
    })
  }

  for (const encoding of ['gzip', 'deflate', 'br', 'gzip, identity']) {
    it(`refuses a body packed as ${encoding}`, async () => {
      assertProblem(await send('{"text":"Hello."}', { 'content-encoding': encoding }), 415, 'unsupported-media-type')
    })
  }

  it('refuses a write without any body', async () => {
    assertProblem(await forum.call(forum.alice, 'POST', '/v1/posts'), 415, 'unsupported-media-type')
    assertProblem(await send('', {}), 400, 'malformed-request')
  })

  for (const accept of [
    'application/json',
    'application/*',
    '*/*',
    'text/html, */*;q=0.1',
    'APPLICATION/JSON;q=0.5',
    '',
  ]) {
    it(`answers a client that accepts ${accept || 'nothing special'}`, async () => {
      const { status, headers } = await ask(accept)
      assert.deepEqual([status, headers['content-type']], [200, 'application/json; charset=utf-8'])
    })
  }

  for (const accept of [
    'application/xml',
    'text/html',
    'text/*',
    'application/json;q=0',
    '*/*;q=0.000',
    'image/png, text/plain',
  ]) {
    it(`refuses a client that accepts only ${accept}, and says that there is only JSON`, async () => {
      assertProblem(await ask(accept), 406, 'not-acceptable')
    })
  }

  it('does not mind a type where there is no body to have one', async () => {
    const { body } = await send('{"text":"Hello."}', {})
    for (const type of ['application/json', 'text/plain']) {
      const headers = { 'content-type': type }
      assert.equal((await forum.call(forum.alice, 'GET', '/v1/posts', { headers })).status, 200)
      assert.equal(
        (await forum.call(forum.ada, 'DELETE', `/v1/posts/${body.id}`, { headers })).status,
        type === 'text/plain' ? 404 : 204,
      )
    }
  })

  it('takes a body up to the limit and not one byte more', async () => {
    const body = (bytes: number) => JSON.stringify({ text: 'a' }).padEnd(bytes, ' ')

    assert.equal((await send(body(LIMIT), {})).status, 201)
    assertProblem(await send(body(LIMIT + 1), {}), 413, 'payload-too-large')
  })

  const broken = [
    '{"text":',
    '{"text":"a",}',
    '{text:"a"}',
    '{"text":NaN}',
    '{"text":"a"}//',
    "{'text':'a'}",
    '\u0000',
    '{"text":"\n"}',
  ]
  for (const text of broken) {
    it(`refuses ${JSON.stringify(text)} as JSON that cannot be read`, async () => {
      assertProblem(await send(text, {}), 400, 'malformed-request')
    })
  }

  it('refuses what is not UTF-8', async () => {
    const latin = Buffer.from('{"text":"L\u00f6we"}', 'latin1')
    assertProblem(await send(latin, {}), 400, 'malformed-request')
    assertProblem(await send(Buffer.from('{"text":"Hello."}', 'utf16le'), {}), 400, 'malformed-request')
  })
})
