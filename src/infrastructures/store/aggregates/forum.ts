import { comments } from './comment.ts'
import { notifications } from './notification.ts'
import { notificationFeed } from './notification-feed.ts'
import { posts } from './post.ts'
import { users } from './user.ts'

/** What the forum keeps, under the names that its ports give them. */
export const FORUM = {
  aggregates: { users, posts, comments, notifications },
  views: { notificationFeed },
}
