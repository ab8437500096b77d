import { Comment, type CommentId } from '../../entities/comment.ts'
import type { CommentText } from '../../entities/comment-text.ts'
import type { PostId } from '../../entities/post.ts'
import type { UserId } from '../../entities/user.ts'
import { CommentEvents } from '../../events/comment-events.ts'
import type { UnitOfWork } from '../../ports/unit-of-work.ts'

export type WriteComment = Readonly<{ id: CommentId; postId: PostId; ownerId: UserId; text: CommentText; at: Date }>

/** A user comments on a post, which must exist. */
export async function writeComment(
  { comments, outbox }: UnitOfWork,
  { id, postId, ownerId, text, at }: WriteComment,
): Promise<Comment> {
  const comment = Comment.write(id, postId, ownerId, text, at)

  await comments.add(comment)
  await outbox.add(CommentEvents.written.of(comment))

  return comment
}
