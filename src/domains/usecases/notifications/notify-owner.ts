import type { Comment } from '../../entities/comment.ts'
import { Notification, type NotificationId } from '../../entities/notification.ts'
import { PostNotFound } from '../../errors/post-errors.ts'
import type { IncomingMessage } from '../../ports/inbox.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'

export type NotifyOwner = Readonly<{
  id: NotificationId
  message: IncomingMessage
  comment: Pick<Comment, 'id' | 'postId' | 'ownerId'>
  at: Date
}>

/** Notifies the owner of a post, once, of a comment by another user; if the post is gone, it notifies no one. */
export async function notifyOwner(
  { inbox, posts, notifications }: UnitOfWork,
  { id, message, comment, at }: NotifyOwner,
): Promise<Notification | null> {
  await inbox.markProcessed(message)

  const post = await posts.get(comment.postId).catch(orNullIfRemoved)
  const notification = post === null ? null : Notification.ofComment(id, post, comment, at)
  if (notification !== null) await notifications.add(notification)

  return notification
}

function orNullIfRemoved(error: unknown): null {
  if (error instanceof PostNotFound) return null
  throw error
}
