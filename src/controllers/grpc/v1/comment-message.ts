import type { Comment } from '../../../domains/entities/comment.ts'
import type { Comment__Output } from '../generated/forum/v1/Comment.ts'
import { timestampOf } from './fields.ts'

/** A comment as the outside sees it: field by field, so that nothing gets out by accident. */
export const commentMessage = (comment: Comment): Comment__Output => ({
  id: comment.id,
  postId: comment.postId,
  ownerId: comment.ownerId,
  text: comment.text,
  version: comment.version,
  createdAt: timestampOf(comment.createdAt),
  updatedAt: timestampOf(comment.updatedAt),
})
