import { Comment, type CommentChange, type CommentId } from '../../entities/comment.ts'
import { CommentEvents } from '../../events/comment-events.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'

export type RewriteComment = CommentChange & Readonly<{ id: CommentId }>

/** The owner of a comment replaces its content. */
export async function rewriteComment(
  { comments, outbox }: UnitOfWork,
  { id, ...change }: RewriteComment,
): Promise<Comment> {
  const comment = Comment.rewrite(await comments.get(id), change)

  await comments.save(comment)
  await outbox.add(CommentEvents.rewritten.of(comment))

  return comment
}
