import type { Comment, CommentId } from '../entities/comment.ts'
import type { PostId } from '../entities/post.ts'
import type { UserId } from '../entities/user.ts'
import type { CreatedBetween, Listing } from './listing.ts'

export type CommentFilter = CreatedBetween & Readonly<{ ownerId?: UserId; postId?: PostId }>

/** The comments that are kept. Reading opens no transaction. */
export interface CommentReader {
  /** @throws {CommentNotFound} */
  get(id: CommentId): Promise<Comment>

  /** In the order of the listing. A page deep in the list costs what the first one costs. */
  list(listing: Listing<CommentFilter>): Promise<readonly Comment[]>

  /** How many comments match; its cost grows with their number. */
  count(filter: CommentFilter): Promise<number>
}

/** The comments within a unit of work, which sees its own changes. */
export interface CommentRepository {
  /** @throws {CommentNotFound} */
  get(id: CommentId): Promise<Comment>

  /**
   * The unit is refused with {@link PostNotFound} when the post is not there (any more), and with
   * {@link AccountDisabled} when the owner is not an active user (any more).
   */
  add(comment: Comment): Promise<void>

  /** Keeps the next version of a comment, which is never dated before the comment was made. The unit is run again when someone else saved that version first. */
  save(comment: Comment): Promise<void>

  /** Takes the last version of a comment, which follows the kept one. */
  remove(comment: Comment): Promise<void>

  /** Removes all comments on a post, whoever wrote them, as one set, and announces each. */
  removeOn(post: PostId, at: Date): Promise<void>

  /** Removes all comments of a user and all comments on posts of that user, as one set, and announces each. */
  removeAround(user: UserId, at: Date): Promise<void>
}
