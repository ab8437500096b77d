import type { Actor } from '../../entities/actor.ts'
import { Comment, type CommentId } from '../../entities/comment.ts'
import type { CommentText } from '../../entities/comment-text.ts'
import type { Expected } from '../../entities/version.ts'
import { CommentEvents } from '../../events/comment-events.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'

export type RewriteComment = Readonly<{ id: CommentId; editor: Actor; text: CommentText; expected: Expected; at: Date }>

/** The owner of a comment replaces its text. */
export async function rewriteComment(
  { comments, outbox }: UnitOfWork,
  { id, editor, text, expected, at }: RewriteComment,
): Promise<Comment> {
  const comment = Comment.rewrite(await comments.get(id), editor, text, expected, at)

  await comments.save(comment)
  await outbox.add(CommentEvents.rewritten.of(comment))

  return comment
}
