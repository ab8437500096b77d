import { Comment, type CommentId, type CommentRemoval } from '../../entities/comment.ts'
import { CommentEvents } from '../../events/comment-events.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'

export type RemoveComment = CommentRemoval & Readonly<{ id: CommentId }>

/** The owner of a comment removes it. */
export async function removeComment(
  { comments, outbox }: UnitOfWork,
  { id, ...removal }: RemoveComment,
): Promise<void> {
  const comment = Comment.remove(await comments.get(id), removal)

  await comments.remove(comment)
  await outbox.add(CommentEvents.removed.of(comment))
}
