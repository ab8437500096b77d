import { comments } from './comment.ts'
import { notifications } from './notification.ts'
import { notificationFeed } from './notification-feed.ts'
import { posts } from './post.ts'
import { users } from './user.ts'

/** All descriptions of the forum, by their names in its ports. */
export const FORUM = {
  aggregates: { users, posts, comments, notifications },
  views: { notificationFeed },
}
