import type { Post } from '../../../domains/entities/post.ts'
import type { Post__Output } from '../generated/forum/v1/Post.ts'
import { timestampOf } from './fields.ts'

/** A post as the outside sees it: field by field, so that nothing gets out by accident. */
export const postMessage = ({ id, ownerId, text, version, createdAt, updatedAt }: Post): Post__Output => ({
  id,
  ownerId,
  text,
  version,
  createdAt: timestampOf(createdAt),
  updatedAt: timestampOf(updatedAt),
})
