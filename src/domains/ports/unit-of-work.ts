import type { Comment } from '../entities/comment.ts'
import type { Notification } from '../entities/notification.ts'
import type { Post } from '../entities/post.ts'
import type { User } from '../entities/user.ts'
import type { DomainEvent } from '../events/domain-event.ts'
import type { IdempotentResults } from './idempotency-keys.ts'
import type { Inbox } from './inbox.ts'
import type { Repository } from './repository.ts'

/** Everything that one transaction may touch. Of no use once the work has returned. */
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
 * Runs `work` as one unit: all of it is kept when it returns, none of it when it throws.
 *
 * Changes may be sent to the store only when `work` returns; what the repositories promise of them then
 * surfaces from here. A store runs `work` again after a conflict, so `work` touches nothing but its unit of work.
 *
 * @throws {Conflict} when others kept changing the same thing through all attempts
 * @throws {DependencyUnavailable} when the store does not answer, or {@link OutcomeUnknown} when it fell silent late
 */
export type Transact = <Result>(work: (uow: UnitOfWork) => Promise<Result>) => Promise<Result>

/** Where announcements wait to be published: kept with the changes that they announce, or not at all. */
export interface Outbox {
  /** Announces a change of this unit of work. Each change has exactly one announcement, or the unit is refused. */
  add(event: DomainEvent): Promise<void>
}
