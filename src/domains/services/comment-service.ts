import type { Page } from '../../patterns/page.ts'
import type { Actor } from '../entities/actor.ts'
import type { Comment, CommentId } from '../entities/comment.ts'
import { CommentText } from '../entities/comment-text.ts'
import type { PostId } from '../entities/post.ts'
import type { Expected } from '../entities/version.ts'
import type { Listing, Position } from '../ports/listing.ts'
import type { CommentFilter, Store } from '../ports/store.ts'
import { removeComment } from '../usecases/comments/remove-comment.ts'
import { rewriteComment } from '../usecases/comments/rewrite-comment.ts'
import { writeComment } from '../usecases/comments/write-comment.ts'
import { listPage } from './list-page.ts'
import type { Membership } from './membership.ts'
import type { Answered, Repeatable } from './repeatable.ts'

export type CommentService = ReturnType<typeof createCommentService>

type Needs = { members: Membership; comments: Store['comments']; now: () => Date; newId: () => CommentId }

/** What users do with comments. */
export const createCommentService = ({ members, comments, now, newId }: Needs) => ({
  read: (reader: Actor, id: CommentId): Promise<Comment> => members.reading(reader, () => comments.get(id)),

  list: (reader: Actor, listing: Listing<CommentFilter>, counted: boolean): Promise<Page<Comment, Position>> =>
    members.reading(reader, () => listPage(comments, listing, counted)),

  async write(
    author: Actor,
    postId: PostId,
    rawText: string,
    request: Repeatable | null = null,
  ): Promise<Answered<Comment>> {
    const command = { id: newId(), postId, ownerId: author.userId, text: CommentText.parse(rawText), at: now() }
    return members.adding(author, request, (uow) => writeComment(uow, command))
  },

  async rewrite(editor: Actor, id: CommentId, rawText: string, expected: Expected): Promise<Comment> {
    const text = CommentText.parse(rawText)
    return members.changing(editor, (uow) => rewriteComment(uow, { id, editor, text, expected, at: now() }))
  },

  remove: (remover: Actor, id: CommentId, expected: Expected): Promise<void> =>
    members.changing(remover, (uow) => removeComment(uow, { id, remover, expected, at: now() })),
})
