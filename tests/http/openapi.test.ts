import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import { CODES } from '../kit/answers.ts'
import { KEYED, ROUTES, SCHEMAS } from '../kit/forum-routes.ts'
import { type Forum, openForum } from '../kit/http.ts'
import { contentsOf, type Document, exampleProver, examplesOf, type Operation, operationsOf } from '../kit/openapi.ts'

const ISSUER = 'https://issuer.example.org/realms/forum'
const addresses = { authorization: `${ISSUER}/sign-in`, token: `${ISSUER}/token` }
const docs = { version: '1.2.3', signIn: { clientId: 'reader', addresses: async () => addresses } }

describe('the OpenAPI document', () => {
  let forum: Forum
  let document: Document
  let operations: ReadonlyMap<string, Operation>

  before(async () => {
    forum = await openForum({ docs })
    document = (await forum.http.inject('/openapi.json')).json()
    operations = operationsOf(document)
  })
  after(() => forum[Symbol.asyncDispose]())

  it('is valid OpenAPI 3.1', async () => {
    const copy = structuredClone(document) as unknown as Record<string, unknown>
    const { valid, errors } = await new Validator().validate(copy)

    assert.ok(valid, JSON.stringify(errors))
    assert.match(document.openapi, /^3\.1\./)
  })

  it('holds every route of the interface, with every status that the route may answer with', () => {
    const routes = forum.routes.filter(({ method, url }) => url.startsWith('/v1/') && method !== 'HEAD')
    const expected = routes.map(({ method, url, schema }) => {
      const name = `${method.toLowerCase()} ${url.replaceAll(/:(\w+)/g, '{$1}')}`
      return [name, Object.keys(schema.response ?? {}).sort()]
    })
    const documented = [...operations].map(([name, { responses }]) => [name, Object.keys(responses).sort()])

    const shown = Object.values(ROUTES)
      .flat()
      .filter((method) => method !== 'HEAD')
    assert.equal(expected.length, shown.length + 1, 'those of the modules, and the webhook')
    assert.deepEqual(Object.fromEntries(documented), Object.fromEntries(expected))
  })

  it('names each operation once, sorts it under a described tag and describes its answers', () => {
    const { tags } = document as unknown as { tags: readonly { name: string; description: string }[] }
    const known = new Set(tags.filter(({ description }) => description !== '').map(({ name }) => name))
    const all = [...operations.values()]

    assert.equal(new Set(all.map(({ operationId }) => operationId)).size, all.length)
    for (const { summary, tags: [tag = ''] = [], responses } of all) {
      assert.ok(summary !== '' && known.has(tag), summary)
      for (const { description } of Object.values(responses)) assert.doesNotMatch(description, /^$|^Default/)
    }
  })

  it('names every code of the contract, whichever module it is of, and no other', () => {
    const { properties } = document.components.schemas['Problem'] as { properties: { code: { enum: string[] } } }

    assert.deepEqual(properties.code.enum.toSorted(), Object.keys(CODES).toSorted())
  })

  it('asks for a token everywhere but at the webhook, to be had by signing in at the issuer or pasted', () => {
    const { signIn, token } = document.components.securitySchemes
    const scopes = ['openid', 'profile', 'email']
    const { authorizationUrl, tokenUrl, scopes: described } = signIn?.flows?.authorizationCode ?? {}

    for (const [name, { security }] of operations) {
      const isWebhook = name === 'post /v1/authentication/webhook/events-synchronization'
      assert.deepEqual(security, isWebhook ? [{ webhook: [] }] : [{ signIn: scopes }, { token: [] }])
    }
    assert.deepEqual({ authorization: authorizationUrl, token: tokenUrl }, addresses)
    assert.deepEqual(Object.keys(described ?? {}), scopes)
    assert.equal(`${token?.type} ${token?.scheme}`, 'http bearer')
  })

  it('has an example wherever something is sent, and each fits its schema', () => {
    const complaintAbout = exampleProver(document)

    for (const [name, operation] of operations) {
      for (const [part, media] of contentsOf(operation)) {
        const examples = examplesOf(media)
        assert.notEqual(examples.length, 0, `${name} ${part} has an example`)
        for (const example of examples) assert.equal(complaintAbout(media, example), '', `${name} ${part}`)
      }
    }
  })

  it('gives the example of every code of every refusal', () => {
    for (const [name, { responses }] of operations) {
      for (const [status, { description, content }] of Object.entries(responses)) {
        if (Number(status) < 400) continue
        const examples = Object.entries(content?.['application/problem+json']?.examples ?? {})
        const codes = examples.map(([code, { value }]) => [code, value as { code: string; status: number }] as const)
        assert.equal(codes.map(([code]) => code).join(', '), description, `${name} ${status}`)
        for (const [code, value] of codes) assert.equal(`${value.code} ${value.status}`, `${code} ${status}`)
      }
    }
  })

  it('describes the header Idempotency-Key where it has an effect, and its errors', () => {
    const keyed = [...operations].filter(([, { parameters = [] }]) =>
      parameters.some((one) => one.in === 'header' && one.name === 'idempotency-key' && !one.required),
    )

    assert.deepEqual(keyed.map(([name]) => name).sort(), KEYED.map(([, route]) => route).sort())
    for (const [, { responses }] of keyed) {
      assert.match(responses['409']?.description ?? '', /idempotency-key-in-use/)
      assert.match(responses['422']?.description ?? '', /idempotency-key-reused/)
    }
  })

  it('has requests whose examples work when they are tried out', async () => {
    const { alice, call } = forum
    const bodyOf = (name: string) => operations.get(name)?.requestBody?.content['application/json']?.example

    const written = await call(alice, 'POST', '/v1/posts', { body: bodyOf('post /v1/posts') })
    const rewritten = await call(alice, 'PUT', `/v1/posts/${written.body.id}`, { body: bodyOf('put /v1/posts/{id}') })

    assert.deepEqual([written.status, rewritten.status], [201, 200])
  })

  it('describes the headers of answers', () => {
    const headersOf = (name: string, status: number) =>
      Object.keys(operations.get(name)?.responses[status]?.headers ?? {})
        .filter((header) => !['X-Request-Id', 'RateLimit', 'RateLimit-Policy'].includes(header))
        .join(' ')

    assert.equal(headersOf('post /v1/posts', 201), 'Location Idempotency-Replayed ETag')
    assert.equal(headersOf('get /v1/posts', 200), 'Link')
    assert.equal(headersOf('get /v1/posts/{id}', 200), 'ETag')
    assert.equal(headersOf('get /v1/posts/{id}', 304), 'ETag')
    assert.equal(headersOf('get /v1/users/me', 200), '')
    assert.equal(headersOf('post /v1/posts', 409), 'Retry-After')
    assert.equal(headersOf('delete /v1/posts/{id}', 401), 'WWW-Authenticate')
    assert.equal(headersOf('delete /v1/posts/{id}', 429), 'Retry-After')
    assert.equal(headersOf('delete /v1/posts/{id}', 503), 'Retry-After')
    for (const { responses } of operations.values()) {
      for (const { headers } of Object.values(responses)) assert.ok('X-Request-Id' in headers)
    }
  })

  it('shares what is the same everywhere', () => {
    const { schemas, headers } = document.components

    assert.deepEqual(Object.keys(schemas).sort(), [...SCHEMAS, 'KeycloakEvent', 'Problem'].sort())
    assert.equal(Object.keys(headers).length, 9)
  })
})
