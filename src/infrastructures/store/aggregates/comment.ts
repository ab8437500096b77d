import type { Comment } from '../../../domains/entities/comment.ts'
import type { Post } from '../../../domains/entities/post.ts'
import type { User } from '../../../domains/entities/user.ts'
import { AccountDisabled } from '../../../domains/errors/access-errors.ts'
import { CommentNotFound } from '../../../domains/errors/comment-errors.ts'
import { PostNotFound } from '../../../domains/errors/post-errors.ts'
import { CommentEvents } from '../../../domains/events/comment-events.ts'
import { aggregate, text, uuid } from '../aggregate.ts'
import { posts } from './post.ts'
import { users } from './user.ts'

/** The description of comments. */
export const comments = aggregate<Comment, User, Post>({
  type: 'comment',
  table: 'comments',
  columns: { postId: uuid, ownerId: uuid, text },
  owner: { field: 'ownerId', to: users, requires: { isActive: true }, otherwise: AccountDisabled, onDelete: 'cascade' },
  parent: { field: 'postId', to: posts, otherwise: PostNotFound, onDelete: 'cascade' },
  notFound: CommentNotFound,
  lists: { orders: ['createdAt', 'updatedAt'], filters: ['ownerId', 'postId'] },
  removed: CommentEvents.removed,
  isCached: true,
})
