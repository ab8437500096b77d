import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import fc from 'fast-check'
import { KEYED } from '../kit/forum-routes.ts'
import { type Forum, openForum } from '../kit/http.ts'
import { type Document, operationsOf } from '../kit/openapi.ts'
import { exampleBody } from '../kit/routes.ts'
import { size } from '../kit/size.ts'

const RUNS = { numRuns: size(400, 10_000, 150) }
const addresses = { authorization: 'https://issuer.example.org/sign-in', token: 'https://issuer.example.org/token' }
const docs = { version: '1.2.3', signIn: { clientId: 'reader', addresses: async () => addresses } }

const odd = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\udc00',
  '\u200b',
  '\ufeff',
  '\u00a0',
  '\t',
  '\n',
  '\u00ad',
  '\u{e0041}',
  'a',
]
const text = fc
  .tuple(
    fc.array(fc.oneof(fc.constantFrom(...odd), fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 6 }),
    fc.constantFrom(0, 1_999, 2_000, 2_001, 9_999, 10_000, 10_001),
    fc.constantFrom('x', '🦉'),
  )
  .map(([parts, length, character]) => parts.join('') + character.repeat(length))

const tag = fc.oneof(
  fc.constantFrom('"1"', 'W/"1"', '"a,b"', '""', 'W/', '"', '1', '', 'w/"1"', '"\u00ff"', '"a b"', '"\u007f"', '*'),
  fc.string({ unit: fc.constantFrom(...'W/"1,* '), maxLength: 8 }),
)
const tags = fc
  .tuple(fc.array(tag, { minLength: 1, maxLength: 22 }), fc.constantFrom(',', ', ', ' ,\t', ';'))
  .map(([all, separator]) => all.join(separator).trim())

const time = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc
    .tuple(
      fc.constantFrom('0000', '0001', '1000', '2026', '9899', '9999'),
      fc.constantFrom('-01-01', '-02-29', '-12-31', '-13-01'),
      fc.constantFrom('T', 't', ' '),
      fc.constantFrom('00:00:00', '23:59:59', '23:59:60', '24:00:00', '12:00'),
      fc.constantFrom('', '.5', '.123456789', ',5'),
      fc.constantFrom('Z', 'z', '+00:00', '+14:00', '-23:59', '+0100', ''),
    )
    .map((parts) => parts.join('')),
)

describe('what the document says of a value', () => {
  let forum: Forum
  let document: Document
  let item = ''
  before(async () => {
    forum = await openForum({ docs })
    document = (await forum.http.inject('/openapi.json')).json()
    const { body } = await forum.call(forum.alice, 'POST', '/v1/posts', { body: { text: 'First.' } })
    item = body.id
  })
  after(() => forum[Symbol.asyncDispose]())

  const bodyOf = (operation: string) =>
    operationsOf(document).get(operation)?.requestBody?.content['application/json']?.schema as
      | { properties: Record<string, object> }
      | undefined

  const takes = (operation: string, field: string): boolean => field in (bodyOf(operation)?.properties ?? {})

  const textFieldsOf = (operation: string): readonly string[] =>
    Object.entries(bodyOf(operation)?.properties ?? {}).flatMap(([field, schema]) =>
      'minLength' in schema ? [field] : [],
    )

  function allows(operation: string, pick: { parameter: string } | { field: string }): (value: string) => boolean {
    const { parameters = [] } = operationsOf(document).get(operation) ?? assert.fail(operation)
    const body = bodyOf(operation)
    const schema =
      'field' in pick
        ? body?.properties[pick.field]
        : (parameters as readonly { name: string; schema?: object }[]).find(({ name }) => name === pick.parameter)
            ?.schema
    const ajv = new Ajv2020({ strict: false })
    formats.default(ajv)
    const validate = ajv.compile(schema ?? assert.fail('no schema'))
    return (value) => validate(value) === true
  }

  for (const [, route] of KEYED) {
    const [, url = ''] = route.split(' ')
    it(`holds for each text of ${url}: what it allows is taken, what it forbids is refused if nothing is trimmed`, async () => {
      const around = { ...exampleBody(forum.routes, 'POST', url), ...(takes(route, 'postId') && { postId: item }) }
      const fields = textFieldsOf(route)
      assert.notEqual(fields.length, 0)
      for (const field of fields) {
        const isAllowed = allows(route, { field })
        const property = fc.asyncProperty(text, async (value) => {
          const { status } = await forum.call(forum.alice, 'POST', url, { body: { ...around, [field]: value } })
          if (!value.isWellFormed()) assert.equal(status, 422)
          else if (isAllowed(value)) assert.equal(status, 201)
          else if (value === value.trim()) assert.equal(status, 422)
        })
        await fc.assert(property, RUNS)
      }
    })
  }

  it('calls the same characters visible as the entity does', () => {
    const isAllowed = allows('post /v1/posts', { field: 'text' })
    for (let code = 1; code <= 0x10ffff; code++) {
      const character = String.fromCodePoint(code)
      if (!character.isWellFormed()) continue
      assert.equal(isAllowed(character), !/[\s\p{Cc}\p{Cf}\p{Z}]/u.test(character), code.toString(16))
    }
  })

  it('holds for If-Match', async () => {
    for (const operation of ['put /v1/posts/{id}', 'delete /v1/posts/{id}']) {
      const isAllowed = allows(operation, { parameter: 'if-match' })
      const [method = '', path = ''] = operation.split(' ')
      const url = path.replace('{id}', method === 'put' ? item : '01938d6e-4a5b-7c3d-9e1f-2a3b4c5d6e7f')
      const property = fc.asyncProperty(tags, async (value) => {
        const sent = { headers: { 'if-match': value }, ...(method === 'put' && { body: { text: 'Again.' } }) }
        const { status } = await forum.call(forum.alice, method.toUpperCase(), url, sent)
        assert.equal(status !== 422, isAllowed(value))
      })
      await fc.assert(property, RUNS)
    }
  })

  for (const name of ['createdFrom', 'createdTo']) {
    it(`holds for ${name}: what it allows is taken`, async () => {
      const isAllowed = allows('get /v1/posts', { parameter: name })
      const property = fc.asyncProperty(time, async (value) => {
        const url = `/v1/posts?${new URLSearchParams({ [name]: value })}`
        const { status } = await forum.call(forum.alice, 'GET', url)
        if (isAllowed(value)) assert.equal(status, 200)
      })
      await fc.assert(property, RUNS)
    })
  }

  it('holds for cursors: those that are given fit, and what does not fit is refused', async () => {
    const isAllowed = allows('get /v1/posts', { parameter: 'cursor' })
    const likely = fc.string({ unit: fc.constantFrom(...'AZaz09-_=+/'), minLength: 42, maxLength: 44 })
    const property = fc.asyncProperty(fc.oneof(likely, fc.string()), async (cursor) => {
      const { status } = await forum.call(forum.alice, 'GET', `/v1/posts?${new URLSearchParams({ cursor })}`)
      assert.equal(status, 422)
    })
    await fc.assert(property, RUNS)

    for (const sort of ['createdAt', '-createdAt', 'updatedAt', '-updatedAt']) {
      const { body } = await forum.call(forum.alice, 'GET', `/v1/posts?limit=1&sort=${sort}`)
      assert.ok(isAllowed(body.nextCursor ?? ''), body.nextCursor ?? 'none')
    }
    for (const altered of ['', 'A'.repeat(42), `${'A'.repeat(42)}B`, `${'A'.repeat(43)}=`])
      assert.ok(!isAllowed(altered))
  })
})
