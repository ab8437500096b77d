import { type Comment, CommentId } from '../../../domains/entities/comment.ts'
import { PostId } from '../../../domains/entities/post.ts'
import type { CommentService } from '../../../domains/services/comment-service.ts'
import { parseListQuery } from '../../api/list-query.ts'
import type { Comment__Output } from '../generated/forum/v1/Comment.ts'
import type { CommentServiceDefinition } from '../generated/forum/v1/CommentService.ts'
import { grpcService } from '../service.ts'
import { expectedOf, optional, parseFields, timestampOf } from './fields.ts'
import { listFields, nextPageTokenOf, totalSizeOf } from './list-query.ts'
import { parseIdempotencyKey, setReplayedHeader } from './request-id.ts'

/** The operations on comments. */
export const commentMethods = (comments: CommentService) =>
  grpcService<CommentServiceDefinition>('forum.v1.CommentService', {
    async CreateComment({ text, requestId, ...request }, call) {
      const operation = { name: 'writeComment', input: { postId: request.postId, text } }
      const { postId, requestId: idempotent } = parseFields({
        postId: () => PostId.parse(request.postId),
        requestId: () => parseIdempotencyKey(requestId, operation),
      })
      const command = { author: call.actor, postId, text, request: idempotent }
      const { result: comment, isReplay } = await comments.write(command)
      setReplayedHeader(call, isReplay)
      return commentMessage(comment)
    },

    async GetComment(request, { actor }) {
      const { id } = parseFields({ id: () => CommentId.parse(request.id) })
      return commentMessage(await comments.read({ reader: actor, id }))
    },

    async ListComments(request, { actor }) {
      const fields = { ...listFields(request), postId: () => optional(request.postId, PostId.parse) }
      const { pageSize: limit, pageToken: cursor, orderBy: sort, postId, ...filters } = parseFields(fields)
      const onPost = postId === undefined ? {} : { postId }
      const { name, listQuery } = parseListQuery('comments', { limit, cursor, sort, ...filters }, onPost)
      const page = await comments.list({ reader: actor, listQuery, withTotal: request.count })
      return {
        comments: page.items.map(commentMessage),
        nextPageToken: nextPageTokenOf(name, page),
        ...totalSizeOf(page),
      }
    },

    async UpdateComment({ text, expectedVersion, ...request }, { actor }) {
      const { id } = parseFields({ id: () => CommentId.parse(request.id) })
      const expected = expectedOf(expectedVersion)
      return commentMessage(await comments.rewrite({ editor: actor, id, text, expected }))
    },

    async DeleteComment(request, { actor }) {
      const { id } = parseFields({ id: () => CommentId.parse(request.id) })
      await comments.remove({ remover: actor, id, expected: expectedOf(request.expectedVersion) })
      return {}
    },
  })

/** A comment as the outside sees it: field by field, so that nothing gets out by accident. */
const commentMessage = (comment: Comment): Comment__Output => ({
  id: comment.id,
  postId: comment.postId,
  ownerId: comment.ownerId,
  text: comment.text,
  version: comment.version,
  createdAt: timestampOf(comment.createdAt),
  updatedAt: timestampOf(comment.updatedAt),
})
