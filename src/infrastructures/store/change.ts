import type { Comment } from '../../domains/entities/comment.ts'
import type { DomainEvent } from '../../domains/entities/event.ts'
import type { Post, PostId } from '../../domains/entities/post.ts'
import type { User, UserId } from '../../domains/entities/user.ts'

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

/** What a unit of work asks a store to do, in the order in which it was asked. */
export type Change = AnnouncedChange | SetRemoval
