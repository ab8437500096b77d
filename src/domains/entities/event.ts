import type { Comment } from './comment.ts'
import type { Post } from './post.ts'
import type { User } from './user.ts'

/** What each event carries: the aggregate as the change left it. */
export type StateOf = {
  'post.written': Post
  'post.rewritten': Post
  'post.removed': Post
  'comment.written': Comment
  'comment.rewritten': Comment
  'comment.removed': Comment
  'user.registered': User
  'user.changed': User
  'user.removed': User
}

export type EventType = keyof StateOf

/** A change that happened to one aggregate. `subject` is its id, and with `version` names the change. */
export type DomainEvent = {
  [Type in EventType]: Readonly<{ type: Type; subject: string; version: number; time: Date; data: StateOf[Type] }>
}[EventType]

/** The announcement of a change: `data` is the state after it, whose `updatedAt` is the time of the change. */
export const announce = <Type extends EventType>(type: Type, data: StateOf[Type]): DomainEvent =>
  ({ type, subject: data.id, version: data.version, time: data.updatedAt, data }) as DomainEvent
