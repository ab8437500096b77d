import { PostId } from '../../../src/domains/entities/post.ts'
import { UserId } from '../../../src/domains/entities/user.ts'
import type { Store } from '../../../src/domains/ports/store.ts'
import { removePost } from '../../../src/domains/usecases/posts/remove-post.ts'
import { rewritePost } from '../../../src/domains/usecases/posts/rewrite-post.ts'
import { writePost } from '../../../src/domains/usecases/posts/write-post.ts'
import { changeUser } from '../../../src/domains/usecases/users/change-user.ts'
import { registerUser } from '../../../src/domains/usecases/users/register-user.ts'
import { removeUser } from '../../../src/domains/usecases/users/remove-user.ts'
import { postContent } from '../../fixtures.ts'

import { actor, at, type Cast, expected, owned, prepare, register } from './cast.ts'

export type Unit = Readonly<{
  /** Writes what it starts from. */
  prepare: (store: Store, cast: Cast) => Promise<void>
  changes: number
  run: (store: Store, cast: Cast) => Promise<unknown>
}>

/** Each use case as a unit of work, and how many aggregates it changes. */
export const UNITS = {
  'register user': {
    prepare,
    changes: 1,
    run: ({ transact }, { newcomer }) => transact((uow) => registerUser(uow, register(newcomer))),
  },
  'change user': {
    prepare,
    changes: 1,
    run: ({ transact }, { author }) =>
      transact((uow) => changeUser(uow, { id: UserId.parse(author), change: { fullName: 'A. Thor' }, at })),
  },
  'remove user': {
    prepare,
    changes: 2,
    run: ({ transact }, { author }) => transact((uow) => removeUser(uow, { id: UserId.parse(author), at })),
  },
  'write post': {
    prepare,
    changes: 1,
    run: ({ transact }, { next, author }) =>
      transact((uow) => writePost(uow, { id: PostId.parse(next), ...postContent('A post.'), ...owned(author) })),
  },
  'rewrite post': {
    prepare,
    changes: 1,
    run: ({ transact }, { post, author }) =>
      transact((uow) =>
        rewritePost(uow, {
          id: PostId.parse(post),
          editor: actor(author),
          ...postContent('Again.'),
          expected,
          at,
        }),
      ),
  },
  'remove post': {
    prepare,
    changes: 1,
    run: ({ transact }, { post, author }) =>
      transact((uow) => removePost(uow, { id: PostId.parse(post), remover: actor(author), expected, at })),
  },
} as const satisfies Record<string, Unit>
