import { randomUUID } from 'node:crypto'
import type { Comment } from '../../src/domains/entities/comment.ts'
import type { Notification } from '../../src/domains/entities/notification.ts'
import type { Post } from '../../src/domains/entities/post.ts'
import { PostId } from '../../src/domains/entities/post.ts'
import type { User } from '../../src/domains/entities/user.ts'
import { UserId } from '../../src/domains/entities/user.ts'
import { CommentEvents } from '../../src/domains/events/comment-events.ts'
import { PostEvents } from '../../src/domains/events/post-events.ts'
import { UserEvents } from '../../src/domains/events/user-events.ts'
import { FORUM } from '../../src/infrastructures/store/aggregates/forum.ts'
import type { RecordedChange } from '../../src/infrastructures/store/operation.ts'

const { users, posts, comments, notifications } = FORUM.aggregates

/** Changes with their events, as a unit of work would hand them to a driver. */
export const adding = {
  user: (state: User): RecordedChange => ({ of: users, verb: 'add', state, event: UserEvents.registered.of(state) }),
  post: (state: Post): RecordedChange => ({ of: posts, verb: 'add', state, event: PostEvents.written.of(state) }),
  comment: (state: Comment): RecordedChange => ({
    of: comments,
    verb: 'add',
    state,
    event: CommentEvents.written.of(state),
  }),
  notification: (state: Notification): RecordedChange => ({ of: notifications, verb: 'add', state, event: null }),
}

export const saving = {
  user: (state: User): RecordedChange => ({ of: users, verb: 'save', state, event: UserEvents.changed.of(state) }),
  post: (state: Post): RecordedChange => ({ of: posts, verb: 'save', state, event: PostEvents.rewritten.of(state) }),
  comment: (state: Comment): RecordedChange => ({
    of: comments,
    verb: 'save',
    state,
    event: CommentEvents.rewritten.of(state),
  }),
  notification: (state: Notification): RecordedChange => ({ of: notifications, verb: 'save', state, event: null }),
}

export const newUserId = () => UserId.parse(randomUUID())
export const newPostId = () => PostId.parse(randomUUID())
