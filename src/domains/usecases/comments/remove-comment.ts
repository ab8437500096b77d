import type { Actor } from '../../entities/actor.ts'
import { Comment, type CommentId } from '../../entities/comment.ts'
import type { Expected } from '../../entities/version.ts'
import { CommentEvents } from '../../events/comment-events.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'

export type RemoveComment = Readonly<{ id: CommentId; remover: Actor; expected: Expected; at: Date }>

/** The owner of a comment removes it. */
export async function removeComment(
  { comments, outbox }: UnitOfWork,
  { id, remover, expected, at }: RemoveComment,
): Promise<void> {
  const comment = Comment.remove(await comments.get(id), remover, expected, at)

  await comments.remove(comment)
  await outbox.add(CommentEvents.removed.of(comment))
}
