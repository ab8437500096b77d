import type { Post } from '../../../domains/entities/post.ts'
import type { User } from '../../../domains/entities/user.ts'
import { AccountDisabled } from '../../../domains/errors/access-errors.ts'
import { PostNotFound } from '../../../domains/errors/post-errors.ts'
import { PostEvents } from '../../../domains/events/post-events.ts'
import { aggregate, text, uuid } from '../aggregate.ts'
import { users } from './user.ts'

/** The description of posts. */
export const posts = aggregate<Post, User>({
  type: 'post',
  table: 'posts',
  columns: { ownerId: uuid, text },
  owner: { field: 'ownerId', to: users, requires: { isActive: true }, otherwise: AccountDisabled, onDelete: 'cascade' },
  notFound: PostNotFound,
  lists: { orders: ['createdAt', 'updatedAt'], filters: ['ownerId'] },
  removed: PostEvents.removed,
  isCached: true,
})
