import type { Branded } from '../../patterns/brand.ts'
import type { Comment, CommentId } from './comment.ts'
import { identifier } from './identifier.ts'
import type { Post, PostId } from './post.ts'
import type { UserId } from './user.ts'

export type NotificationId = Branded<string, 'NotificationId'>
export const NotificationId = identifier<NotificationId>('id')

/** News for one user, its owner: someone else, the author, commented on a post of theirs. */
export type Notification = Readonly<{
  id: NotificationId
  ownerId: UserId
  postId: PostId
  commentId: CommentId
  authorId: UserId
  createdAt: Date
  readAt: Date | null
}>

type NewComment = Pick<Comment, 'id' | 'ownerId'>

export const Notification = {
  /** What the owner of a post is told of a comment on it; nothing of their own comments. */
  ofComment: (id: NotificationId, post: Post, comment: NewComment, at: Date): Notification | null =>
    comment.ownerId === post.ownerId
      ? null
      : {
          id,
          ownerId: post.ownerId,
          postId: post.id,
          commentId: comment.id,
          authorId: comment.ownerId,
          createdAt: at,
          readAt: null,
        },

  /** The time of the first reading stays. */
  read: (notification: Notification, at: Date): Notification => ({
    ...notification,
    readAt: notification.readAt ?? at,
  }),
}
