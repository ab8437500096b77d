import type { Post } from '../entities/post.ts'
import { eventsOf } from './domain-event.ts'

/** What happens to posts, and what everyone may know of it. */
export const PostEvents = eventsOf<Post>()('1.0', ['id', 'ownerId', 'text', 'version', 'createdAt', 'updatedAt'], {
  written: 'post.written',
  rewritten: 'post.rewritten',
  removed: 'post.removed',
})
