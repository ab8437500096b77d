import { Actor } from '../../entities/actor.ts'
import { Comment, type CommentId, type CommentRemoval } from '../../entities/comment.ts'
import { CommentEvents } from '../../events/comment-events.ts'
import type { Permit } from '../../ports/authorization.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'

export type RemoveComment = CommentRemoval & Readonly<{ id: CommentId; remover: Actor }>

/** The owner of a comment, or another user with a permit, removes it. */
export async function removeComment(
  { comments, outbox }: UnitOfWork,
  { id, remover, ...removal }: RemoveComment,
  permit: Permit = Actor.assertOwner,
): Promise<void> {
  const found = await comments.get(id)
  const pending = permit(remover, found)
  if (pending) await pending
  const comment = Comment.remove(found, removal)

  await comments.remove(comment)
  await outbox.add(CommentEvents.removed.of(comment))
}
