import type { Comment } from '../entities/comment.ts'
import { eventsOf } from './domain-event.ts'

/** What happens to comments, and what everyone may know of it. */
export const CommentEvents = eventsOf<Comment>()(
  '1.0',
  ['id', 'postId', 'ownerId', 'text', 'version', 'createdAt', 'updatedAt'],
  { written: 'comment.written', rewritten: 'comment.rewritten', removed: 'comment.removed' },
)
