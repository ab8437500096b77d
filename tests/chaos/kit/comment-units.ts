import { CommentId } from '../../../src/domains/entities/comment.ts'
import { CommentText } from '../../../src/domains/entities/comment-text.ts'
import { PostId } from '../../../src/domains/entities/post.ts'
import type { Store } from '../../../src/domains/ports/store.ts'
import { removeComment } from '../../../src/domains/usecases/comments/remove-comment.ts'
import { rewriteComment } from '../../../src/domains/usecases/comments/rewrite-comment.ts'
import { writeComment } from '../../../src/domains/usecases/comments/write-comment.ts'
import { actor, at, type Cast, expected, owned, prepare as preparePost } from './cast.ts'
import { UNITS, type Unit } from './units.ts'

const text = CommentText.parse('A comment.')

/** Writes the post, with a comment of the author's and one of the reader's. */
async function prepare(store: Store, cast: Cast): Promise<void> {
  await preparePost(store, cast)
  for (const [id, owner] of [
    [cast.reply, cast.author],
    [cast.answer, cast.reader],
  ] as const) {
    const written = { id: CommentId.parse(id), postId: PostId.parse(cast.post), text, ...owned(owner) }
    await store.transact((uow) => writeComment(uow, written))
  }
}

/** What comments add to {@link UNITS}: their own, and what takes them along. */
export const COMMENT_UNITS = {
  'remove user with comments': { prepare, changes: 4, run: UNITS['remove user'].run },
  'remove post with comments': { prepare, changes: 3, run: UNITS['remove post'].run },
  'write comment': {
    prepare,
    changes: 1,
    run: ({ transact }, { next, post, reader }) => {
      const comment = { id: CommentId.parse(next), postId: PostId.parse(post), text, ...owned(reader) }
      return transact((uow) => writeComment(uow, comment))
    },
  },
  'rewrite comment': {
    prepare,
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
    prepare,
    changes: 1,
    run: ({ transact }, { answer, reader }) =>
      transact((uow) => removeComment(uow, { id: CommentId.parse(answer), remover: actor(reader), expected, at })),
  },
} as const satisfies Record<string, Unit>
