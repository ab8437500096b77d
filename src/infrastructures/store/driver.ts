import type { CommentReader } from '../../domains/ports/comment-repository.ts'
import type { PostReader } from '../../domains/ports/post-repository.ts'
import type { UserReader } from '../../domains/ports/user-repository.ts'
import type { Change } from './change.ts'

/** All that a database has to offer to become a store: reading, and keeping a list of changes as one. */
export interface StoreDriver {
  readonly posts: PostReader
  readonly comments: CommentReader
  readonly users: UserReader

  /**
   * Keeps all changes and their announcements, or none of them.
   *
   * @throws {Conflict} when a version that a change follows is not the kept one, or an id is taken
   * @throws {Contention} when the engine gave way to another transaction (serialization failure, deadlock, busy)
   * @throws {AccountDisabled} when something is added for an owner who is not an active user
   * @throws {PostNotFound} when a comment is added to a post that is not there
   * @throws {OutcomeUnknown} when the engine fell silent after it may have kept the changes
   */
  commit(changes: readonly Change[]): Promise<void>

  /** Returns when the engine answers. @throws {DependencyUnavailable} */
  ping(): Promise<void>

  close(): Promise<void>
}
