import type { Comment } from '../../../domains/entities/comment.ts'
import type { Post } from '../../../domains/entities/post.ts'
import type { User } from '../../../domains/entities/user.ts'
import type { comments, posts, users } from './schema.ts'

/** Rows come under the names of the models and are read by nobody else, so each is the entity. */
export const postOf = (row: (typeof posts)['$inferSelect']): Post => row as Post
export const commentOf = (row: (typeof comments)['$inferSelect']): Comment => row as Comment
export const userOf = (row: (typeof users)['$inferSelect']): User => row as User
