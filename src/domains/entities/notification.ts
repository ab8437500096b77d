import type { Branded } from '../../patterns/brand.ts'
import type { Comment, CommentId } from './comment.ts'
import { identifier } from './identifier.ts'
import type { Post, PostId } from './post.ts'
import type { UserId } from './user.ts'

export type NotificationId = Branded<string, 'NotificationId'>
export const NotificationId = identifier<NotificationId>('id')

/** Tells its owner that another user, the author, commented on a post of the owner. */
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
  /** The notification of a comment for the owner of its post; null for the owner's own comments. */
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

  /** A second reading keeps the time of the first. */
  read: (notification: Notification, at: Date): Notification => ({
    ...notification,
    readAt: notification.readAt ?? at,
  }),
}
