import type { Comment } from '../../src/domains/entities/comment.ts'
import { announce } from '../../src/domains/entities/event.ts'
import type { Post } from '../../src/domains/entities/post.ts'
import type { User } from '../../src/domains/entities/user.ts'
import type { Change } from '../../src/infrastructures/store/change.ts'

/** Announced changes, as a unit of work would hand them to a driver. */
export const adding = {
  user: (state: User): Change => ({ noun: 'user', verb: 'add', state, event: announce('user.registered', state) }),
  post: (state: Post): Change => ({ noun: 'post', verb: 'add', state, event: announce('post.written', state) }),
  comment: (state: Comment): Change => ({
    noun: 'comment',
    verb: 'add',
    state,
    event: announce('comment.written', state),
  }),
}

export const saving = {
  user: (state: User): Change => ({ noun: 'user', verb: 'save', state, event: announce('user.changed', state) }),
  post: (state: Post): Change => ({ noun: 'post', verb: 'save', state, event: announce('post.rewritten', state) }),
  comment: (state: Comment): Change => ({
    noun: 'comment',
    verb: 'save',
    state,
    event: announce('comment.rewritten', state),
  }),
}

export const removing = {
  post: (state: Post): Change => ({ noun: 'post', verb: 'remove', state, event: announce('post.removed', state) }),
  comment: (state: Comment): Change => ({
    noun: 'comment',
    verb: 'remove',
    state,
    event: announce('comment.removed', state),
  }),
}
