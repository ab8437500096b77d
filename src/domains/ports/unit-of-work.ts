import type { Comment } from '../entities/comment.ts'
import type { Notification } from '../entities/notification.ts'
import type { Post } from '../entities/post.ts'
import type { User } from '../entities/user.ts'
import type { DomainEvent } from '../events/domain-event.ts'
import type { IdempotentResults } from './idempotency-keys.ts'
import type { Inbox } from './inbox.ts'
import type { Repository } from './repository.ts'

/** Everything that one transaction may touch. It is closed once the work has returned. */
export interface UnitOfWork {
  readonly users: Repository<User>
  readonly posts: Repository<Post>
  readonly comments: Repository<Comment>
  readonly notifications: Repository<Notification>
  readonly outbox: Outbox
  readonly inbox: Inbox
  readonly results: IdempotentResults
}

/**
 * Runs `work` as one unit: the store commits all of it when it returns, none of it when it throws.
 *
 * Changes may be sent to the store only when `work` returns; what the repositories promise of them then
 * surfaces from here. A store runs `work` again after a conflict, so `work` touches nothing but its unit of work.
 *
 * @throws {Conflict} when others kept changing the same thing through all attempts
 * @throws {DependencyUnavailable} when the store does not answer, or {@link OutcomeUnknown} if that happens in a commit
 */
export type Transact = <Result>(work: (uow: UnitOfWork) => Promise<Result>) => Promise<Result>

/** The events that wait to be published: committed with their changes, or not at all. */
export interface Outbox {
  /** Adds the event of a change of this unit of work. The store refuses a unit unless each change has exactly one event. */
  add(event: DomainEvent): Promise<void>
}
