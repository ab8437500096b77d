import { Actor } from '../../entities/actor.ts'
import { Comment, type CommentChange, type CommentId } from '../../entities/comment.ts'
import { CommentEvents } from '../../events/comment-events.ts'
import type { Permit } from '../../ports/authorization.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'

export type RewriteComment = CommentChange & Readonly<{ id: CommentId; editor: Actor }>

/** The owner of a comment, or another user with a permit, replaces its content. */
export async function rewriteComment(
  { comments, outbox }: UnitOfWork,
  { id, editor, ...change }: RewriteComment,
  permit: Permit = Actor.assertOwner,
): Promise<Comment> {
  const found = await comments.get(id)
  const pending = permit(editor, found)
  if (pending) await pending
  const comment = Comment.rewrite(found, change)

  await comments.save(comment)
  await outbox.add(CommentEvents.rewritten.of(comment))

  return comment
}
