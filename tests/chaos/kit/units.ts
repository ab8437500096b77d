import { randomUUID } from 'node:crypto'
import type { Actor } from '../../../src/domains/entities/actor.ts'
import { CommentId } from '../../../src/domains/entities/comment.ts'
import { CommentText } from '../../../src/domains/entities/comment-text.ts'
import { PostId } from '../../../src/domains/entities/post.ts'
import { UserId } from '../../../src/domains/entities/user.ts'
import type { Store } from '../../../src/domains/ports/store.ts'
import { removeComment } from '../../../src/domains/usecases/comments/remove-comment.ts'
import { rewriteComment } from '../../../src/domains/usecases/comments/rewrite-comment.ts'
import { writeComment } from '../../../src/domains/usecases/comments/write-comment.ts'
import { removePost } from '../../../src/domains/usecases/posts/remove-post.ts'
import { rewritePost } from '../../../src/domains/usecases/posts/rewrite-post.ts'
import { writePost } from '../../../src/domains/usecases/posts/write-post.ts'
import { changeUser } from '../../../src/domains/usecases/users/change-user.ts'
import { registerUser } from '../../../src/domains/usecases/users/register-user.ts'
import { removeUser } from '../../../src/domains/usecases/users/remove-user.ts'
import { postContent } from '../../fixtures.ts'

/** An author with a post, two comments on it, and what is still to come. */
export type Cast = Readonly<Record<'author' | 'reader' | 'newcomer' | 'post' | 'comment' | 'answer' | 'next', string>>

export const newCast = (): Cast => ({
  author: randomUUID(),
  reader: randomUUID(),
  newcomer: randomUUID(),
  post: randomUUID(),
  comment: randomUUID(),
  answer: randomUUID(),
  next: randomUUID(),
})

const actor = (id: string): Actor => ({
  userId: UserId.parse(id),
  profile: { username: id, fullName: null, email: null },
  isSuperAdmin: false,
})

const at = new Date('2026-03-01T12:00:00.000Z')
const expected = null
const owned = (id: string) => ({ ownerId: UserId.parse(id), at })
const register = (id: string) => ({ id: UserId.parse(id), profile: actor(id).profile, at })
const text = CommentText.parse('A comment.')

/** Writes what every unit starts from. */
export async function prepare({ transact }: Store, cast: Cast): Promise<void> {
  const { author, reader, comment, answer } = cast
  const post = PostId.parse(cast.post)
  for (const id of [author, reader]) await transact((uow) => registerUser(uow, register(id)))
  await transact((uow) => writePost(uow, { id: post, ...postContent('A post.'), ...owned(author) }))
  for (const [id, owner] of [
    [comment, author],
    [answer, reader],
  ] as const) {
    const written = { id: CommentId.parse(id), postId: post, text, ...owned(owner) }
    await transact((uow) => writeComment(uow, written))
  }
}

type Unit = Readonly<{ changes: number; run: (store: Store, cast: Cast) => Promise<unknown> }>

/** Each use case as a unit of work, and how many aggregates it changes. */
export const UNITS = {
  'register user': {
    changes: 1,
    run: ({ transact }, { newcomer }) => transact((uow) => registerUser(uow, register(newcomer))),
  },
  'change user': {
    changes: 1,
    run: ({ transact }, { author }) =>
      transact((uow) => changeUser(uow, { id: UserId.parse(author), change: { fullName: 'A. Thor' }, at })),
  },
  'remove user': {
    changes: 4,
    run: ({ transact }, { author }) => transact((uow) => removeUser(uow, { id: UserId.parse(author), at })),
  },
  'write post': {
    changes: 1,
    run: ({ transact }, { next, author }) =>
      transact((uow) => writePost(uow, { id: PostId.parse(next), ...postContent('A post.'), ...owned(author) })),
  },
  'rewrite post': {
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
    changes: 3,
    run: ({ transact }, { post, author }) =>
      transact((uow) => removePost(uow, { id: PostId.parse(post), remover: actor(author), expected, at })),
  },
  'write comment': {
    changes: 1,
    run: ({ transact }, { next, post, reader }) => {
      const comment = { id: CommentId.parse(next), postId: PostId.parse(post), text, ...owned(reader) }
      return transact((uow) => writeComment(uow, comment))
    },
  },
  'rewrite comment': {
    changes: 1,
    run: ({ transact }, { answer, reader }) => {
      const change = {
        id: CommentId.parse(answer),
        editor: actor(reader),
        text: CommentText.parse('Again.'),
        expected,
        at,
      }
      return transact((uow) => rewriteComment(uow, change))
    },
  },
  'remove comment': {
    changes: 1,
    run: ({ transact }, { answer, reader }) =>
      transact((uow) => removeComment(uow, { id: CommentId.parse(answer), remover: actor(reader), expected, at })),
  },
} as const satisfies Record<string, Unit>

export type UnitName = keyof typeof UNITS
export const UNIT_NAMES = Object.keys(UNITS) as readonly UnitName[]
