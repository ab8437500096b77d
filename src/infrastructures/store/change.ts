import type { Comment } from '../../domains/entities/comment.ts'
import type { DomainEvent } from '../../domains/entities/event.ts'
import type { Notification } from '../../domains/entities/notification.ts'
import type { Post, PostId } from '../../domains/entities/post.ts'
import type { User, UserId } from '../../domains/entities/user.ts'
import type { Reservation } from '../../domains/ports/idempotency-keys.ts'
import type { IncomingMessage } from '../../domains/ports/inbox.ts'

export type Aggregates = { post: Post; comment: Comment; user: User }
export type Noun = keyof Aggregates
export type Verb = 'add' | 'save' | 'remove'

/** A change of one aggregate, not announced yet. `state` is the version after the change. */
export type UnannouncedChange =
  | Readonly<{ noun: 'user'; verb: 'add' | 'save'; state: User }>
  | Readonly<{ noun: 'post'; verb: Verb; state: Post }>
  | Readonly<{ noun: 'comment'; verb: Verb; state: Comment }>

export type AnnouncedChange = UnannouncedChange & Readonly<{ event: DomainEvent }>

/** A removal of a whole set; the store announces each removed aggregate, one version later, at the time `at`. */
export type SetRemoval =
  | Readonly<{ verb: 'remove-comments-on'; of: PostId; at: Date }>
  | Readonly<{ verb: 'remove-comments-around'; of: UserId; at: Date }>
  | Readonly<{ verb: 'remove-posts-owned-by'; of: UserId; at: Date }>

/** What concerns nobody outside, and thus is announced to nobody. */
export type SilentChange =
  | Readonly<{ verb: 'give-notification'; notification: Notification }>
  | Readonly<{ verb: 'mark-notification'; notification: Notification }>
  | Readonly<{ verb: 'remove-notifications-of'; of: UserId }>
  | Readonly<{ verb: 'take-message'; message: IncomingMessage }>
  | Readonly<{ verb: 'keep-answer'; reservation: Reservation; answer: string }>

/** What a unit of work asks a store to do, in the order in which it was asked. */
export type Change = AnnouncedChange | SetRemoval | SilentChange

export const isSetRemoval = (change: Change): change is SetRemoval => change.verb in SET_REMOVALS

const SET_REMOVALS: Readonly<Record<SetRemoval['verb'], true>> = {
  'remove-comments-on': true,
  'remove-comments-around': true,
  'remove-posts-owned-by': true,
}
