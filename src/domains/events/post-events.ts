import type { Post } from '../entities/post.ts'
import { eventsOf } from './domain-event.ts'

/** The events of posts, with their public fields. */
export const PostEvents = eventsOf<Post>()('1.0', ['id', 'ownerId', 'text', 'version', 'createdAt', 'updatedAt'], {
  written: 'post.written',
  rewritten: 'post.rewritten',
  removed: 'post.removed',
})
