import type { CommentRepository } from './comment-repository.ts'
import type { Answers } from './idempotency-keys.ts'
import type { Inbox } from './inbox.ts'
import type { NotificationRepository } from './notification-repository.ts'
import type { Outbox } from './outbox.ts'
import type { PostRepository } from './post-repository.ts'
import type { UserRepository } from './user-repository.ts'

/** Everything that one transaction may touch. Of no use once the work has returned. */
export interface UnitOfWork {
  readonly posts: PostRepository
  readonly comments: CommentRepository
  readonly users: UserRepository
  readonly outbox: Outbox
  readonly notifications: NotificationRepository
  readonly inbox: Inbox
  readonly answers: Answers
}

/**
 * Runs `work` as one unit: all of it is kept when it returns, none of it when it throws.
 *
 * Changes may be sent to the store only when `work` returns; what the repositories promise of them then
 * surfaces from here. A store runs `work` again after a conflict, so `work` touches nothing but its unit of work.
 *
 * @throws {Conflict} when others kept changing the same thing through all attempts
 * @throws {DependencyUnavailable} when the store does not answer, or {@link OutcomeUnknown} when it fell silent late
 */
export type Transact = <Result>(work: (uow: UnitOfWork) => Promise<Result>) => Promise<Result>
