import type { Comment } from '../entities/comment.ts'
import { eventsOf } from './domain-event.ts'

/** The events of comments, with their public fields. */
export const CommentEvents = eventsOf<Comment>()(
  '1.0',
  ['id', 'postId', 'ownerId', 'text', 'version', 'createdAt', 'updatedAt'],
  { written: 'comment.written', rewritten: 'comment.rewritten', removed: 'comment.removed' },
)
