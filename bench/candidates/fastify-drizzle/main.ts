/** Fastify with TypeBox schemas for what comes in and goes out, and Drizzle on a `pg` pool. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify from 'fastify'
import { Type } from 'typebox'
import { type Caller, callerOf } from '../kit/caller.ts'
import { HOST, HTTP_PORT } from '../kit/environment.ts'
import { linkTo, pageOf, positionOf } from '../kit/page.ts'
import { etagOf, isKnown } from '../kit/preconditions.ts'
import { Refused } from '../kit/refused.ts'
import * as forum from './forum.ts'

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller
  }
}

const Id = Type.String({ format: 'uuid' })
const Time = Type.Unsafe<Date>({ type: 'string', format: 'date-time' })
const state = { text: Type.String(), version: Type.Integer(), createdAt: Time, updatedAt: Time }
const Post = Type.Object({ id: Id, ownerId: Id, ...state })
const Comment = Type.Object({ id: Id, postId: Id, ownerId: Id, ...state })
const Page = Type.Object({ items: Type.Array(Post), nextCursor: Type.Union([Type.String(), Type.Null()]) })

const strict = { additionalProperties: false }
const textUpTo = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '\\S' })
const PostBody = Type.Object({ text: textUpTo(10_000) }, strict)
const CommentBody = Type.Object({ postId: Id, text: textUpTo(2_000) }, strict)
const Query = Type.Object(
  { limit: Type.String({ pattern: '^([1-9]\\d?|100)$', default: '20' }), cursor: Type.Optional(Type.String()) },
  strict,
)
const params = Type.Object({ id: Id })

const app = Fastify({
  ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
}).withTypeProvider<TypeBoxTypeProvider>()

app.setErrorHandler(
  (error: Error & { validation?: unknown; status?: number; statusCode?: number }, _request, reply) => {
    const status = error instanceof Refused ? error.status : error.validation ? 422 : (error.statusCode ?? 500)
    if (status >= 500) console.error(error)
    return reply.code(status).send({ status, title: error.message })
  },
)

app.decorateRequest('caller')
app.addHook('onRequest', async (request) => {
  request.caller = await callerOf(request.headers.authorization)
})

app.get('/v1/posts/:id', { schema: { params, response: { 200: Post, 304: Type.Null() } } }, async (request, reply) => {
  const post = await forum.read(request.caller, request.params.id)
  reply.header('etag', etagOf(post.version))
  return isKnown(request.headers['if-none-match'], post.version) ? reply.code(304).send() : post
})

app.get('/v1/posts', { schema: { querystring: Query, response: { 200: Page } } }, async (request, reply) => {
  const limit = Number(request.query.limit)
  const { cursor } = request.query
  const page = pageOf(await forum.list(request.caller, positionOf(cursor), limit + 1), limit)
  if (page.nextCursor !== null) reply.header('link', linkTo(limit, page.nextCursor))
  return page
})

app.post('/v1/posts', { schema: { body: PostBody, response: { 201: Post } } }, async (request, reply) => {
  const post = await forum.write(request.caller, request.body.text.trim())
  return reply
    .code(201)
    .headers({ etag: etagOf(post.version), location: `/v1/posts/${post.id}` })
    .send(post)
})

app.put('/v1/posts/:id', { schema: { params, body: PostBody, response: { 200: Post } } }, async (request, reply) => {
  const { params, body, headers, caller } = request
  const post = await forum.rewrite(caller, params.id, body.text.trim(), headers['if-match'])
  return reply.header('etag', etagOf(post.version)).send(post)
})

app.delete('/v1/posts/:id', { schema: { params } }, async (request, reply) => {
  await forum.remove(request.caller, request.params.id, request.headers['if-match'])
  return reply.code(204).send()
})

app.post('/v1/comments', { schema: { body: CommentBody, response: { 201: Comment } } }, async (request, reply) => {
  const comment = await forum.comment(request.caller, request.body.postId, request.body.text.trim())
  return reply
    .code(201)
    .headers({ etag: etagOf(comment.version), location: `/v1/comments/${comment.id}` })
    .send(comment)
})

await app.listen({ host: HOST, port: HTTP_PORT })
