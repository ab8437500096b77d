import { Type } from 'typebox'
import { CommentId } from '../../../domains/entities/comment.ts'
import { PostId } from '../../../domains/entities/post.ts'
import { CommentNotFound } from '../../../domains/errors/comment-errors.ts'
import { PostNotFound } from '../../../domains/errors/post-errors.ts'
import type { CommentService } from '../../../domains/services/comment-service.ts'
import { parseListQuery } from '../../api/list-query.ts'
import { currentActor } from '../authentication.ts'
import type { Routes } from '../routes.ts'
import { CommentResource } from './comment-resource.ts'
import { IDEMPOTENCY_ERRORS, IdempotencyKey, parseIdempotencyKey, setReplayedHeader } from './idempotency-key.ts'
import { ListParameters } from './list-query.ts'
import { PageResource, sendPage } from './page-resource.ts'
import { etagOf, expectedVersions, IfMatch, IfNoneMatch, sendWithETag } from './preconditions.ts'
import { BODY_ERRORS, errorResponses, NoContent, NotModified } from './responses.ts'
import { Id, IdParams, strict } from './schemas.ts'
import { Text } from './text-field.ts'

const tags = ['comments']
const OnPost = Type.String({
  ...Id,
  description: 'a post that exists; that of the example does after `npm run db:seed`',
})
const example = { postId: '01938d6e-0001-7000-8000-000000000001', text: 'Well said.' }
const NewBody = Type.Object({ postId: OnPost, text: Text(2_000) }, { ...strict, examples: [example] })
const Body = Type.Object({ text: Text(2_000) }, { ...strict, examples: [{ text: example.text }] })

/** The operations on comments. */
export const commentRoutes =
  (comments: CommentService): Routes =>
  async (http) => {
    http.post('/comments', { schema: write }, async (request, reply) => {
      const command = { ...request.body, author: currentActor(request), request: parseIdempotencyKey(request) }
      const postId = PostId.parse(request.body.postId)
      const { result: comment, isReplay } = await comments.write({ ...command, postId })
      setReplayedHeader(reply, isReplay)
      reply.code(201).headers({ location: `/v1/comments/${comment.id}`, etag: etagOf(comment) })
      return CommentResource.from(comment)
    })

    http.get('/comments', { schema: list }, async (request, reply) => {
      const { postId, count: withTotal = false } = request.query
      const onPost = postId === undefined ? {} : { postId: PostId.parse(postId) }
      const { name, listQuery } = parseListQuery('comments', request.query, onPost)
      const page = await comments.list({ reader: currentActor(request), listQuery, withTotal })
      return sendPage(request, reply, name, page, CommentResource.from)
    })

    http.get('/comments/:id', { schema: read }, async (request, reply) => {
      const comment = await comments.read({ reader: currentActor(request), id: CommentId.parse(request.params.id) })
      return sendWithETag(request, reply, CommentResource.from(comment))
    })

    http.put('/comments/:id', { schema: rewrite }, async (request, reply) => {
      const [id, expected] = [CommentId.parse(request.params.id), expectedVersions(request)]
      const comment = await comments.rewrite({ ...request.body, editor: currentActor(request), id, expected })
      reply.header('etag', etagOf(comment))
      return CommentResource.from(comment)
    })

    http.delete('/comments/:id', { schema: remove }, async (request, reply) => {
      const [id, expected] = [CommentId.parse(request.params.id), expectedVersions(request)]
      await comments.remove({ remover: currentActor(request), id, expected })
      return reply.code(204).send(null)
    })
  }

const write = {
  tags,
  operationId: 'writeComment',
  summary: 'Comment on a post',
  headers: IdempotencyKey,
  body: NewBody,
  response: {
    201: CommentResource.schema,
    ...errorResponses(PostNotFound, 'conflict', ...IDEMPOTENCY_ERRORS, ...BODY_ERRORS),
  },
}

const list = {
  tags,
  operationId: 'listComments',
  summary: 'List comments',
  querystring: ListParameters({ postId: Type.Optional(Id) }),
  response: { 200: PageResource(CommentResource.schema), ...errorResponses('invalid-cursor') },
}

const read = {
  tags,
  operationId: 'readComment',
  summary: 'Read a comment',
  params: IdParams,
  headers: IfNoneMatch,
  response: { 200: CommentResource.schema, 304: NotModified, ...errorResponses(CommentNotFound) },
}

const rewrite = {
  tags,
  operationId: 'rewriteComment',
  summary: 'Rewrite a comment',
  params: IdParams,
  headers: IfMatch,
  body: Body,
  response: {
    200: CommentResource.schema,
    ...errorResponses('forbidden', CommentNotFound, 'conflict', 'stale-version', ...BODY_ERRORS),
  },
}

const remove = {
  tags,
  operationId: 'removeComment',
  summary: 'Remove a comment',
  params: IdParams,
  headers: IfMatch,
  response: {
    204: NoContent,
    ...errorResponses('forbidden', CommentNotFound, 'conflict', 'stale-version', ...BODY_ERRORS),
  },
}
