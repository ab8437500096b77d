import type { Comment } from '../entities/comment.ts'
import type { Notification } from '../entities/notification.ts'
import type { Post, PostId } from '../entities/post.ts'
import type { User, UserId } from '../entities/user.ts'
import type { IdempotencyKeys } from './idempotency-keys.ts'
import type { InboxReader } from './inbox.ts'
import type { CreatedRange } from './list-query.ts'
import type { NotificationFeedReader } from './notification-feed-reader.ts'
import type { Reader } from './repository.ts'
import type { Transact } from './unit-of-work.ts'

export type PostFilter = CreatedRange & Readonly<{ ownerId?: UserId }>
export type CommentFilter = CreatedRange & Readonly<{ ownerId?: UserId; postId?: PostId }>

export type NotificationFilter = Readonly<{ ownerId: UserId; unread?: boolean }>

/** The stored aggregates: read at any time, changed in units of work. */
export interface Store {
  readonly users: Reader<User, Readonly<Record<never, never>>>
  readonly posts: Reader<Post, PostFilter>
  readonly comments: Reader<Comment, CommentFilter>
  readonly notifications: Reader<Notification, NotificationFilter>
  readonly notificationFeed: NotificationFeedReader
  readonly inbox: InboxReader
  readonly keys: IdempotencyKeys
  readonly transact: Transact
}
