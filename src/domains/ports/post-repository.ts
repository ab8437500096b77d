import type { Post, PostId } from '../entities/post.ts'
import type { UserId } from '../entities/user.ts'
import type { CreatedBetween, Listing } from './listing.ts'

export type PostFilter = CreatedBetween & Readonly<{ ownerId?: UserId }>

/** The posts that are kept. Reading opens no transaction. */
export interface PostReader {
  /** @throws {PostNotFound} */
  get(id: PostId): Promise<Post>

  /** In the order of the listing. A page deep in the list costs what the first one costs. */
  list(listing: Listing<PostFilter>): Promise<readonly Post[]>

  /** How many posts match; its cost grows with their number. */
  count(filter: PostFilter): Promise<number>
}

/** The posts within a unit of work, which sees its own changes. */
export interface PostRepository {
  /** @throws {PostNotFound} */
  get(id: PostId): Promise<Post>

  /** The unit is refused with {@link AccountDisabled} when the owner is not an active user (any more). */
  add(post: Post): Promise<void>

  /** Keeps the next version of a post, which is never dated before the post was made. The unit is run again when someone else saved that version first. */
  save(post: Post): Promise<void>

  /** Takes the last version of a post, which follows the kept one. No comment on it may be left. */
  remove(post: Post): Promise<void>

  /** Removes all posts of a user as one set, and announces each. No comment on them may be left. */
  removeOwnedBy(owner: UserId, at: Date): Promise<void>
}
