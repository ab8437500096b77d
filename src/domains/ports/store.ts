import type { CommentReader } from './comment-repository.ts'
import type { IdempotencyKeys } from './idempotency-keys.ts'
import type { InboxReader } from './inbox.ts'
import type { NotificationReader } from './notification-repository.ts'
import type { PostReader } from './post-repository.ts'
import type { Transact } from './unit-of-work.ts'
import type { UserReader } from './user-repository.ts'

/** What is kept: read at any time, changed in units of work. */
export interface Store {
  readonly posts: PostReader
  readonly comments: CommentReader
  readonly users: UserReader
  readonly notifications: NotificationReader
  readonly inbox: InboxReader
  readonly keys: IdempotencyKeys
  readonly transact: Transact
}
