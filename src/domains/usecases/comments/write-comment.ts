import { Comment, type NewComment } from '../../entities/comment.ts'
import { CommentEvents } from '../../events/comment-events.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'

/** A user comments on a post, which must exist. */
export async function writeComment({ comments, outbox }: UnitOfWork, command: NewComment): Promise<Comment> {
  const comment = Comment.write(command)

  await comments.add(comment)
  await outbox.add(CommentEvents.written.of(comment))

  return comment
}
