import { CommentId } from '../../domains/entities/comment.ts'
import { PostId } from '../../domains/entities/post.ts'
import { UserId } from '../../domains/entities/user.ts'
import type { NotificationService } from '../../domains/services/notification-service.ts'
import type { State } from './cloud-event.ts'
import type { EventHandler } from './event-consumer.ts'
import { malformedEvent } from './malformed-event.ts'

/** Notifies the owner of the post. */
export const commentWritten =
  (notifications: Pick<NotificationService, 'commentWritten'>): EventHandler =>
  async (message, state) =>
    notifications.commentWritten({
      message,
      comment: {
        id: CommentId.parse(textIn(state, 'id')),
        postId: PostId.parse(textIn(state, 'postId')),
        ownerId: UserId.parse(textIn(state, 'ownerId')),
      },
    })

function textIn(state: State, field: string): string {
  const value = state[field]
  if (typeof value !== 'string') throw malformedEvent(`data.${field}`)
  return value
}
