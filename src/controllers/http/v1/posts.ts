import { Type } from 'typebox'
import { PostId } from '../../../domains/entities/post.ts'
import { PostNotFound } from '../../../domains/errors/post-errors.ts'
import type { PostService } from '../../../domains/services/post-service.ts'
import { parseListQuery } from '../../api/list-query.ts'
import { currentActor } from '../authentication.ts'
import type { Routes } from '../routes.ts'
import { IDEMPOTENCY_ERRORS, IdempotencyKey, parseIdempotencyKey, setReplayedHeader } from './idempotency-key.ts'
import { ListParameters } from './list-query.ts'
import { PageResource, sendPage } from './page-resource.ts'
import { PostResource } from './post-resource.ts'
import { etagOf, expectedVersions, IfMatch, IfNoneMatch, sendWithETag } from './preconditions.ts'
import { BODY_ERRORS, errorResponses, NoContent, NotModified } from './responses.ts'
import { IdParams, strict } from './schemas.ts'
import { Text } from './text-field.ts'

const tags = ['posts']
const Body = Type.Object({ text: Text(10_000) }, { ...strict, examples: [{ text: 'Hello, forum.' }] })

/** The operations on posts. */
export const postRoutes =
  (posts: PostService): Routes =>
  async (http) => {
    http.post('/posts', { schema: write }, async (request, reply) => {
      const command = { ...request.body, author: currentActor(request), request: parseIdempotencyKey(request) }
      const { result: post, isReplay } = await posts.write(command)
      setReplayedHeader(reply, isReplay)
      reply.code(201).headers({ location: `/v1/posts/${post.id}`, etag: etagOf(post) })
      return PostResource.from(post)
    })

    http.get('/posts', { schema: list }, async (request, reply) => {
      const { name, listQuery } = parseListQuery('posts', request.query)
      const withTotal = request.query.count ?? false
      const page = await posts.list({ reader: currentActor(request), listQuery, withTotal })
      return sendPage(request, reply, name, page, PostResource.from)
    })

    http.get('/posts/:id', { schema: read }, async (request, reply) => {
      const post = await posts.read({ reader: currentActor(request), id: PostId.parse(request.params.id) })
      return sendWithETag(request, reply, PostResource.from(post))
    })

    http.put('/posts/:id', { schema: rewrite }, async (request, reply) => {
      const [id, expected] = [PostId.parse(request.params.id), expectedVersions(request)]
      const post = await posts.rewrite({ ...request.body, editor: currentActor(request), id, expected })
      reply.header('etag', etagOf(post))
      return PostResource.from(post)
    })

    http.delete('/posts/:id', { schema: remove }, async (request, reply) => {
      const [id, expected] = [PostId.parse(request.params.id), expectedVersions(request)]
      await posts.remove({ remover: currentActor(request), id, expected })
      return reply.code(204).send(null)
    })
  }

const write = {
  tags,
  operationId: 'writePost',
  summary: 'Write a post',
  headers: IdempotencyKey,
  body: Body,
  response: { 201: PostResource.schema, ...errorResponses(...IDEMPOTENCY_ERRORS, ...BODY_ERRORS) },
}

const list = {
  tags,
  operationId: 'listPosts',
  summary: 'List posts',
  querystring: ListParameters({}),
  response: { 200: PageResource(PostResource.schema), ...errorResponses('invalid-cursor') },
}

const read = {
  tags,
  operationId: 'readPost',
  summary: 'Read a post',
  params: IdParams,
  headers: IfNoneMatch,
  response: { 200: PostResource.schema, 304: NotModified, ...errorResponses(PostNotFound) },
}

const rewrite = {
  tags,
  operationId: 'rewritePost',
  summary: 'Rewrite a post',
  params: IdParams,
  headers: IfMatch,
  body: Body,
  response: {
    200: PostResource.schema,
    ...errorResponses('forbidden', PostNotFound, 'conflict', 'stale-version', ...BODY_ERRORS),
  },
}

const remove = {
  tags,
  operationId: 'removePost',
  summary: 'Remove a post, with all comments on it',
  params: IdParams,
  headers: IfMatch,
  response: {
    204: NoContent,
    ...errorResponses('forbidden', PostNotFound, 'conflict', 'stale-version', ...BODY_ERRORS),
  },
}
